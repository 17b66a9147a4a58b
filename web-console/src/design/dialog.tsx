import './dialog.css';

import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react';

import { Button } from './button';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Stands before the page until it is closed; Escape closes it. */
export function Dialog({ title, onClose, children }: Props) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} className="dialog" aria-labelledby={id} onClose={onClose}>
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface FormProps {
  /** What the button says that sends it. */
  readonly action: string;
  readonly look?: 'primary' | 'danger';
  readonly busy: boolean;
  /** What is wrong with the whole of it. */
  readonly problem?: string | undefined;
  readonly onSubmit: () => void;
  /** Without it there is nothing to cancel. */
  readonly onCancel?: () => void;
  readonly children?: ReactNode;
}

/** Fields, what is wrong with them, and the buttons. */
export function Form({ action, look = 'primary', busy, problem, onSubmit, onCancel, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      {children}
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        {onCancel === undefined ? null : <Button onClick={onCancel}>Cancel</Button>}
        <Button type="submit" look={look} busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
