import { FilterSelect } from '../../design/query-filters';
import { useQuery } from '../../graphql/use-query';
import { FilesOwnersDocument } from './operations.generated';

interface Props {
  readonly collections: readonly { readonly id: string; readonly slug: string }[];
}

export function FileFilters({ collections }: Props) {
  const { data } = useQuery(FilesOwnersDocument);
  const owners = data?.users?.edges.map(({ node }) => [node.id, node.displayName] as const) ?? [];
  return (
    <div className="filters" role="search" aria-label="Filter files">
      <FilterSelect label="Collection" name="collection" options={collections.map(({ id, slug }) => [id, slug])} />
      {owners.length === 0 ? null : <FilterSelect label="Uploaded by" name="owner" options={owners} />}
    </div>
  );
}
