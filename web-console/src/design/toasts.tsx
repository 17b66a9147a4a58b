import { createStore, useStore } from '../app/store';
import { Icon } from './icon';

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

/** More at once would hide the page. */
const TOASTS_MAX = 4;
const SHOWN_FOR_MS = 6000;

const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

/** Says what became of something that the user did. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  const id = ++lastId;
  toasts.set([...toasts.get(), { id, tone, text }].slice(-TOASTS_MAX));
  setTimeout(() => dismiss(id), SHOWN_FOR_MS);
}

function dismiss(id: number): void {
  toasts.set(toasts.get().filter((shown) => shown.id !== id));
}

export function Toasts() {
  return (
    <div className="toasts" role="status" aria-live="polite">
      {useStore(toasts).map(({ id, tone, text }) => (
        <div key={id} className={`toast ${tone}`}>
          <span>{text}</span>
          <button type="button" className="button quiet" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
