import { useState } from 'react';

import { Button } from '../../design/button';
import { Copyable } from '../../design/copy';
import { Dialog, Form } from '../../design/dialog';
import { SelectInput, TextInput } from '../../design/inputs';
import { optionsOf } from '../../design/query-filters';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { SOURCE_KINDS } from './names';
import { AppsCreateSourceDocument, type AppsCreateSourceMutation, type SourceKind } from './operations.generated';

const FIELDS = ['secret', 'verifyToken'] as const;

type Made = AppsCreateSourceMutation['createWebhookSource'];

interface Props {
  readonly appId: string;
  readonly onClose: () => void;
  readonly onCreated: () => void;
}

const orNull = (text: string) => (text === '' ? null : text);

export function SourceDialog({ appId, onClose, onCreated }: Props) {
  const [kind, setKind] = useState<SourceKind>('META_PAGE');
  const [secret, setSecret] = useState('');
  const [verifyToken, setVerifyToken] = useState('');
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const [made, setMade] = useState<Made | null>(null);
  const { send, running } = useMutation(AppsCreateSourceDocument);
  const isMeta = kind !== 'HMAC_GENERIC';
  const create = async () => {
    const input = { appId, kind, secret: orNull(secret), verifyToken: isMeta ? orNull(verifyToken) : null };
    const answer = await send({ input });
    if (answer === undefined) return;
    const payload = answer.data.createWebhookSource;
    setProblems(problemsOf(payload.errors, FIELDS));
    if (payload.source === null) return;
    setMade(payload);
    onCreated();
  };
  if (made !== null) return <Created made={made} onClose={onClose} />;
  return (
    <Dialog title="New source" onClose={onClose}>
      <Form action="Create" busy={running} problem={problems.form} onSubmit={() => void create()} onCancel={onClose}>
        <SelectInput label="Sender" value={kind} onChange={setKind} options={optionsOf(SOURCE_KINDS)} />
        <TextInput
          label={isMeta ? 'App secret' : 'Secret'}
          type="password"
          autoComplete="off"
          hint={isMeta ? 'As Meta shows it; it signs every request.' : 'Made here if you leave it out.'}
          value={secret}
          onChange={setSecret}
          problem={problems.secret}
        />
        {isMeta ? (
          <TextInput
            label="Verify token"
            hint="Meta sends it when it verifies the URL. Made here if you leave it out."
            value={verifyToken}
            onChange={setVerifyToken}
            problem={problems.verifyToken}
          />
        ) : null}
      </Form>
    </Dialog>
  );
}

function Created({ made, onClose }: { made: Made; onClose: () => void }) {
  return (
    <Dialog title="Enter this at the platform" onClose={onClose}>
      <dl className="facts">
        <dt>URL</dt>
        <dd>
          <Copyable text={made.source?.url ?? ''} what="the URL" />
        </dd>
        {made.secret === null ? null : (
          <>
            <dt>Secret</dt>
            <dd>
              <Copyable text={made.secret} what="the secret" />
            </dd>
          </>
        )}
        {made.verifyToken === null ? null : (
          <>
            <dt>Verify token</dt>
            <dd>
              <Copyable text={made.verifyToken} what="the verify token" />
            </dd>
          </>
        )}
      </dl>
      {made.secret === null && made.verifyToken === null ? null : (
        <p className="notice">What was made here is shown this once.</p>
      )}
      <div className="actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
