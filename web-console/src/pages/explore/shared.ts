/** An operation in an address: behind the `#`, which browsers do not send. */
export interface Shared {
  readonly query: string;
  /** As they are written in the editor. */
  readonly variables: string;
}

interface Sharing {
  readonly origin: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Where Explore opens with this operation. Headers stay out of it: they may hold tokens. */
export function addressOf({ origin, query, variables }: Sharing): string {
  const parts = new URLSearchParams({ query });
  if (Object.keys(variables).length > 0) parts.set('variables', JSON.stringify(variables));
  return `${origin}/console/explore#${parts}`;
}

/** The operation of such an address; null if it has none. */
export function sharedIn(hash: string): Shared | null {
  const parts = new URLSearchParams(hash.slice(1));
  const query = parts.get('query');
  if (query === null) return null;
  return { query, variables: indented(parts.get('variables') ?? '') };
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
