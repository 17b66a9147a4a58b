import type { usePages } from '../graphql/use-pages';
import { Button } from './button';

interface Props {
  readonly pages: ReturnType<typeof usePages>;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } | undefined;
}

/** Nothing when everything fits on one page. */
export function Pager({ pages, pageInfo }: Props) {
  const next = pageInfo?.hasNextPage === true ? pageInfo.endCursor : null;
  if (pages.number === 1 && next === null) return null;
  return (
    <nav className="pager" aria-label="Pages of the list">
      <Button look="quiet" disabled={pages.number === 1} onClick={pages.previous}>
        Previous
      </Button>
      <span>Page {pages.number}</span>
      <Button look="quiet" disabled={next === null} onClick={() => next !== null && pages.next(next)}>
        Next
      </Button>
    </nav>
  );
}
