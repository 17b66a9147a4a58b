import './copy.css';

import { Button } from './button';
import { toast } from './toasts';

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}`);
  } catch {
    toast('The browser does not let this page copy', 'bad');
  }
}

/** A text that one takes somewhere else. `what` names it: “the URL”. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span className="copy">
      <code>{text}</code>
      <Button look="quiet" icon="copy" aria-label={`Copy ${what}`} onClick={() => void copy(text, what)} />
    </span>
  );
}
