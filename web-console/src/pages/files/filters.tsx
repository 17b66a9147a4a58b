import { useSearchParams } from 'wouter';

import { Field } from '../../design/field';
import { useQuery } from '../../graphql/use-query';
import { FilesOwnersDocument } from './operations.generated';

interface Props {
  readonly collections: readonly { readonly id: string; readonly slug: string }[];
}

export function FileFilters({ collections }: Props) {
  const { data } = useQuery(FilesOwnersDocument);
  const owners = data?.users?.edges.map(({ node }) => ({ id: node.id, title: node.displayName })) ?? [];
  return (
    <div className="filters" role="search" aria-label="Filter files">
      <Choice label="Collection" name="collection" options={collections.map(({ id, slug }) => ({ id, title: slug }))} />
      {owners.length === 0 ? null : <Choice label="Uploaded by" name="owner" options={owners} />}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly options: readonly { readonly id: string; readonly title: string }[];
}

function Choice({ label, name, options }: ChoiceProps) {
  const [search, setSearch] = useSearchParams();
  const choose = (value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={search.get(name) ?? ''} onChange={(event) => choose(event.target.value)}>
          <option value="">All</option>
          {options.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
