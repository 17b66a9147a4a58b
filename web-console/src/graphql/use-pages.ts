import { useState } from 'react';

interface Place {
  /** The cursors behind which the pages up to this one begin; the first page begins at null. */
  readonly trail: readonly (string | null)[];
  readonly of: string;
}

/**
 * Walks through a connection page by page: pass `after` to the query, and the page's `pageInfo` to
 * {@link Pager}. `of` names the list (its filter, say); another list begins at its first page.
 */
export function usePages(of: string) {
  const [place, setPlace] = useState<Place>({ trail: [null], of });
  const trail = place.of === of ? place.trail : [null];
  return {
    after: trail.at(-1) ?? null,
    number: trail.length,
    next: (endCursor: string) => setPlace({ trail: [...trail, endCursor], of }),
    previous: () => setPlace({ trail: trail.slice(0, -1), of }),
  };
}
