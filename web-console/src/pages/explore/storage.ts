/** GraphiQL's own names end with this one for the headers of the first tab. */
const HEADERS = 'headers';

/**
 * Where GraphiQL keeps tabs and history: the browser's storage, but never headers, which can hold
 * tokens. Its history would keep them whatever it is told.
 */
export const storage = {
  get length() {
    return localStorage.length;
  },
  getItem: (key: string) => localStorage.getItem(key),
  removeItem: (key: string) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  setItem(key: string, value: string) {
    if (!key.endsWith(`:${HEADERS}`)) localStorage.setItem(key, withoutHeaders(value));
  },
};

function withoutHeaders(value: string): string {
  if (!value.startsWith('{')) return value;
  try {
    // Emptied and not removed: GraphiQL forgets all tabs if one of them lacks a key.
    const emptied = (name: string, inner: unknown) => (name === HEADERS && typeof inner === 'string' ? '' : inner);
    return JSON.stringify(JSON.parse(value, emptied));
  } catch {
    return value;
  }
}
