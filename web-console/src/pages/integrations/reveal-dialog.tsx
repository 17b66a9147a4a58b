import { useEffect, useState } from 'react';

import { Button } from '../../design/button';
import { Copyable } from '../../design/copy';
import { Dialog, Form } from '../../design/dialog';
import { TextInput } from '../../design/inputs';
import { useSecondsUntil } from '../../design/use-seconds-until';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { type IntegrationsProviderPartsFragment, IntegrationsRevealDocument } from './operations.generated';

/** A credential does not stay on a screen that somebody has left. */
const SHOWN_FOR_MS = 60_000;

const FIELDS = ['purpose', 'fields'] as const;

interface Props {
  readonly connection: {
    readonly id: string;
    readonly name: string;
    readonly provider: Pick<IntegrationsProviderPartsFragment, 'fields'>;
  };
  readonly onClose: () => void;
}

export function RevealDialog({ connection, onClose }: Props) {
  const { fields } = connection.provider;
  const [purpose, setPurpose] = useState('');
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set(fields.map(({ name }) => name)));
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const [values, setValues] = useState<Readonly<Record<string, string>> | null>(null);
  const { send, running } = useMutation(IntegrationsRevealDocument);
  const reveal = async () => {
    // All parts are asked for by leaving them out, since optional ones may not be stored.
    const some = wanted.size === fields.length ? null : [...wanted];
    const answer = await send({ input: { connectionId: connection.id, purpose: purpose.trim(), fields: some } });
    if (answer === undefined) return;
    const { values: shown, errors } = answer.data.revealCredential;
    setProblems(problemsOf(errors, FIELDS));
    if (errors.length === 0) setValues((shown ?? {}) as Readonly<Record<string, string>>);
  };
  const toggle = (name: string) => {
    const next = new Set(wanted);
    if (!next.delete(name)) next.add(name);
    setWanted(next);
  };
  if (values !== null) return <Revealed values={values} labels={fields} onClose={onClose} />;
  return (
    <Dialog title="Show the credential" onClose={onClose}>
      <p className="muted">That you saw it, and why, is recorded before it is shown.</p>
      <Form action="Show" busy={running} problem={problems.form} onSubmit={() => void reveal()} onCancel={onClose}>
        <TextInput label="Purpose" value={purpose} onChange={setPurpose} problem={problems.purpose} />
        {fields.length > 1 ? (
          <fieldset className="integrations-parts">
            <legend>Parts</legend>
            {fields.map(({ name, label }) => (
              <label key={name}>
                <input type="checkbox" checked={wanted.has(name)} onChange={() => toggle(name)} /> {label}
              </label>
            ))}
          </fieldset>
        ) : null}
        {problems.fields === undefined ? null : <p className="problem">{problems.fields}</p>}
      </Form>
    </Dialog>
  );
}

interface RevealedProps {
  readonly values: Readonly<Record<string, string>>;
  readonly labels: readonly { readonly name: string; readonly label: string }[];
  readonly onClose: () => void;
}

function Revealed({ values, labels, onClose }: RevealedProps) {
  const [until] = useState(() => Date.now() + SHOWN_FOR_MS);
  const left = useSecondsUntil(until);
  useEffect(() => {
    if (left <= 0) onClose();
  }, [left, onClose]);
  return (
    <Dialog title="The credential" onClose={onClose}>
      <dl className="facts">
        {Object.entries(values).map(([name, value]) => (
          <div key={name} className="integrations-value">
            <dt>{labels.find((field) => field.name === name)?.label ?? name}</dt>
            <dd>
              <Copyable text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted">Hidden again in {left} s.</p>
      <div className="actions">
        <Button look="primary" onClick={onClose}>
          Hide
        </Button>
      </div>
    </Dialog>
  );
}
