import { useState } from 'react';
import { useLocation } from 'wouter';

import { Dialog, Form } from '../../design/dialog';
import { SelectInput, TextInput } from '../../design/inputs';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { AUTH_MODES } from './names';
import { type IntegrationsProviderPartsFragment, IntegrationsStoreDocument } from './operations.generated';

interface Props {
  /** What can be connected; only its own system for a connection that is there. */
  readonly providers: readonly IntegrationsProviderPartsFragment[];
  /** The connection that gets a new credential; a new connection without. */
  readonly connection?: { readonly id: string; readonly name: string; readonly version: number; readonly rotateBy: string | null };
  readonly onClose: () => void;
  readonly onStored: () => void;
}

const newKey = () => crypto.randomUUID();

/** Stores a credential: in a new connection, or in place of an earlier one. */
export function CredentialDialog({ providers, connection, onClose, onStored }: Props) {
  const [, navigate] = useLocation();
  const [idempotencyKey, setIdempotencyKey] = useState(newKey);
  const [kind, setKind] = useState(providers[0]?.kind);
  const [name, setName] = useState(connection?.name ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [rotateBy, setRotateBy] = useState('');
  const [problems, setProblems] = useState<Problems<string>>({});
  const { send, running } = useMutation(IntegrationsStoreDocument);
  const provider = providers.find((one) => one.kind === kind);
  if (provider === undefined) return null;
  const places = provider.fields.map((field) => `fields.${field.name}`);
  const store = async () => {
    const filled = provider.fields.map((field) => [field.name, values[field.name] ?? ''] as const);
    const answer = await send({
      input: {
        provider: provider.kind,
        name: name.trim(),
        fields: Object.fromEntries(filled.filter(([, value]) => value !== '')),
        rotateBy: rotateBy === '' ? null : new Date(rotateBy).toISOString(),
        idempotencyKey,
        ...(connection === undefined ? {} : { connectionId: connection.id, expectedVersion: connection.version }),
      },
    });
    if (answer === undefined) return;
    const { connection: stored, errors } = answer.data.storeCredential;
    setProblems(problemsOf(errors, ['name', 'rotateBy', ...places]));
    // What is corrected is another call.
    if (stored === null) return setIdempotencyKey(newKey());
    toast(connection === undefined ? `Connected ${stored.name}` : 'Stored the new credential');
    onStored();
    onClose();
    navigate(`/console/integrations/${stored.id}`);
  };
  return (
    <Dialog title={connection === undefined ? 'New connection' : 'Replace the credential'} onClose={onClose}>
      <Form
        action={connection === undefined ? 'Connect' : 'Replace'}
        busy={running}
        problem={problems.form}
        onSubmit={() => void store()}
        onCancel={onClose}
      >
        {connection === undefined ? (
          <SelectInput
            label="System"
            hint={AUTH_MODES[provider.authMode]}
            value={provider.kind}
            onChange={(chosen) => {
              setKind(chosen);
              setValues({});
              setProblems({});
            }}
            options={providers.map((one) => [one.kind, one.displayName] as const)}
          />
        ) : null}
        <TextInput label="Name" hint="What people call it." value={name} onChange={setName} problem={problems['name']} />
        {provider.fields.map((field) => (
          <TextInput
            key={field.name}
            label={field.required ? field.label : `${field.label} (optional)`}
            type={field.sensitive ? 'password' : 'text'}
            autoComplete={field.sensitive ? 'new-password' : 'off'}
            value={values[field.name] ?? ''}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
            problem={problems[`fields.${field.name}`]}
          />
        ))}
        <TextInput
          label="To be replaced by (optional)"
          type="date"
          value={rotateBy}
          onChange={setRotateBy}
          problem={problems['rotateBy']}
        />
      </Form>
    </Dialog>
  );
}
