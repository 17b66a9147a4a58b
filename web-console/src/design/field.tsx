import { type ReactNode, useId } from 'react';

interface Props {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What the server says is wrong with it. */
  readonly problem?: string | undefined;
  /** Renders the control with the attributes that tie it to label, hint and problem. */
  readonly children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

export function Field({ label, hint, problem, children }: Props) {
  const id = useId();
  const described = hint !== undefined || problem !== undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(described ? { 'aria-describedby': `${id}-more` } : {}),
        ...(problem === undefined ? {} : { 'aria-invalid': true as const }),
      })}
      {described ? (
        <div id={`${id}-more`} className={problem === undefined ? 'muted' : 'problem'}>
          {problem ?? hint}
        </div>
      ) : null}
    </div>
  );
}
