import type { HTMLInputTypeAttribute, ReactNode } from 'react';

import { Field } from './field';

interface Common {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface TextProps extends Common {
  readonly type?: HTMLInputTypeAttribute;
  readonly autoComplete?: string;
  /** Several lines instead of one. */
  readonly rows?: number;
  readonly mono?: boolean;
}

export function TextInput({ label, hint, problem, value, onChange, type = 'text', autoComplete = 'off', rows, mono }: TextProps) {
  const look = mono === true ? 'mono' : undefined;
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) =>
        rows === undefined ? (
          <input
            {...control}
            className={look}
            type={type}
            autoComplete={autoComplete}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...control}
            className={look}
            rows={rows}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

interface SelectProps<Value extends string> extends Omit<Common, 'value' | 'onChange'> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** What can be chosen, and what it is called. */
  readonly options: readonly (readonly [Value, string])[];
}

export function SelectInput<Value extends string>({ label, hint, problem, value, onChange, options }: SelectProps<Value>) {
  const choose = (chosen: string) => {
    const option = options.find(([name]) => name === chosen);
    if (option !== undefined) onChange(option[0]);
  };
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => choose(event.target.value)}>
          {options.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
