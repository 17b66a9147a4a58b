import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';

import { Field } from './field';
import { SelectInput } from './inputs';

/** Typing is over when nothing came for this long. */
const TYPED_MS = 250;

/** A filter of a list that lives in the address, so that a link shows the same list. */
export function useQueryFilter(name: string): [string | null, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const value = search.get(name);
  const set = (next: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === '') after.delete(name);
        else after.set(name, next);
        return after;
      },
      { replace: true },
    );
  return [value, set];
}

/** The members of an enum with their names, in their order. */
export function optionsOf<Name extends string>(names: { readonly [Key in Name]: string }): [Name, string][] {
  return Object.entries(names) as [Name, string][];
}

/** The filter's value if it is a member of the enum; a link can say anything. */
export function memberOf<Name extends string>(names: { readonly [Key in Name]: string }, value: string | null): Name | null {
  return value !== null && Object.hasOwn(names, value) ? (value as Name) : null;
}

interface SelectProps {
  readonly label: string;
  /** Its name in the address. */
  readonly name: string;
  readonly options: readonly (readonly [string, string])[];
  /** What it is called not to filter. */
  readonly all?: string;
}

export function FilterSelect({ label, name, options, all = 'All' }: SelectProps) {
  const [value, set] = useQueryFilter(name);
  return <SelectInput label={label} value={value ?? ''} onChange={set} options={[['', all], ...options]} />;
}

interface SearchProps {
  readonly label: string;
  /** Its name in the address. */
  readonly name: string;
  readonly type?: 'search' | 'datetime-local';
}

export function FilterSearch({ label, name, type = 'search' }: SearchProps) {
  const [value, set] = useQueryFilter(name);
  const [typed, setTyped] = useState(value ?? '');
  const apply = useRef(set);
  apply.current = set;
  useEffect(() => {
    const timer = setTimeout(() => apply.current(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field label={label}>
      {(control) => <input {...control} type={type} value={typed} onChange={(event) => setTyped(event.target.value)} />}
    </Field>
  );
}
