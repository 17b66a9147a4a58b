/** An operation to begin with. */
export interface Prepared {
  readonly title: string;
  readonly query: string;
}

const sources = import.meta.glob<string>('./prepared/*.graphql', { query: '?raw', import: 'default', eager: true });

/** In the order of their file names; the first line of each is its title. */
export const prepared: readonly Prepared[] = Object.keys(sources)
  .sort()
  .map((name) => {
    const query = sources[name] ?? '';
    const title = query.slice(0, query.indexOf('\n')).replace(/^#\s*/, '');
    return { title, query };
  });
