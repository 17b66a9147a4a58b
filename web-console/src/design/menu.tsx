import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

import { Button } from './button';
import type { IconName } from './icon';

interface Item {
  readonly label: string;
  readonly onChoose: () => void;
}

/** A button that opens a few choices. Arrows move among them, Escape closes. */
export function Menu({ label, icon, items }: { label: string; icon: IconName; items: readonly Item[] }) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  const move = (by: number) => {
    const choices = [...(frame.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])];
    const at = choices.findIndex((choice) => choice === document.activeElement);
    choices[(at + by + choices.length) % choices.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      setOpen(false);
      frame.current?.querySelector('button')?.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) flushSync(() => setOpen(true));
      move(event.key === 'ArrowDown' ? 1 : -1);
    }
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return (
    <div className="menu" ref={frame} onKeyDown={onKeyDown} onBlur={onBlur}>
      <Button icon={icon} aria-haspopup="menu" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      <div className="menu-items" id={id} role="menu" aria-label={label} hidden={!open}>
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            onClick={() => {
              setOpen(false);
              item.onChoose();
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </div>
  );
}
