import { createStore } from './store';

/** `system` follows the machine, also while the page is open. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'tenon.theme';

function read(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export const theme = createStore<Theme>(read());

/** Colours are `light-dark()` pairs, so that the scheme of the root decides them all. */
export function applyTheme(): void {
  const chosen = theme.get();
  document.documentElement.style.colorScheme = chosen === 'system' ? 'light dark' : chosen;
}

theme.subscribe(() => {
  if (theme.get() === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme.get());
  applyTheme();
});
