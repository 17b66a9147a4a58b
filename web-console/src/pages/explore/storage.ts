import type { TabsState } from '@graphiql/react';

/** GraphiQL's own names end with this one for the headers of the first tab. */
const HEADERS = 'headers';
const TABS = 'graphiql:tabState';
/** Emptied and not removed: GraphiQL forgets all tabs if one of them lacks a key. */
const NOT_KEPT = new Set([HEADERS, 'response', 'hash']);
/** What GraphiQL keeps of the open tab a second time, by the name of the tab's property. */
const OF_OPEN_TAB: Readonly<Record<string, 'query' | 'variables'>> = {
  'graphiql:query': 'query',
  'graphiql:variables': 'variables',
};

/**
 * Where GraphiQL keeps tabs and history: the browser's storage, but never headers, which can hold
 * tokens. Its history would keep them whatever it is told.
 *
 * GraphiQL writes tabs half a second late, and the open one a second time at another moment: a reload
 * in between would lose a change or add a tab. So tabs are written by `keepTabs` alone, and what the
 * open one holds is read from them.
 */
export const storage = {
  get length() {
    return localStorage.length;
  },
  getItem(key: string): string | null {
    const property = OF_OPEN_TAB[key];
    return property === undefined ? localStorage.getItem(key) : ofOpenTab(property);
  },
  removeItem: (key: string) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  setItem(key: string, value: string) {
    if (key === TABS || key in OF_OPEN_TAB || key.endsWith(`:${HEADERS}`)) return;
    localStorage.setItem(key, withoutHeaders(value));
  },
};

/** Writes the tabs as they are now, without headers and without answers, which can be large. */
export function keepTabs(tabs: TabsState) {
  const kept = JSON.stringify(tabs, (name, inner: unknown) => (NOT_KEPT.has(name) ? null : inner));
  try {
    localStorage.setItem(TABS, kept);
  } catch {
    // The browser's storage is full: what is typed goes on, and is not there after a reload.
  }
}

function ofOpenTab(property: 'query' | 'variables'): string | null {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem(TABS) ?? 'null') as TabsState;
    return tabs[activeTabIndex]?.[property] ?? null;
  } catch {
    return null;
  }
}

function withoutHeaders(value: string): string {
  if (!value.startsWith('{')) return value;
  try {
    const emptied = (name: string, inner: unknown) => (name === HEADERS && typeof inner === 'string' ? '' : inner);
    return JSON.stringify(JSON.parse(value, emptied));
  } catch {
    return value;
  }
}
