import { useState } from 'react';
import { Link } from 'wouter';

import { Button } from '../../design/button';
import { Copyable } from '../../design/copy';
import { Dialog, Form } from '../../design/dialog';
import { formatDateTime } from '../../design/format';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { Loading } from '../../design/states';
import { toast } from '../../design/toasts';
import { sentence } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useMay } from '../../session/may';
import { CredentialDialog } from './credential-dialog';
import { RotateBy, StatusBadge } from './list';
import { AccessLog } from './log';
import { AUTH_MODES } from './names';
import {
  IntegrationsChangedDocument,
  IntegrationsOneDocument,
  type IntegrationsOneQuery,
  IntegrationsRevokeDocument,
} from './operations.generated';
import { RevealDialog } from './reveal-dialog';

type OneConnection = NonNullable<IntegrationsOneQuery['connection']>;

export function ConnectionDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(IntegrationsOneDocument, { id });
  useRefetchOn(IntegrationsChangedDocument, {}, refetch, data !== undefined);
  const mayAuditIntegrations = useMay('integrations:audit');
  const mayAuditAll = useMay('audit:read');
  if (failure !== undefined) return <FailureState what="connections" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the connection" />;
  const { connection } = data;
  if (connection === null) {
    return (
      <AbsentState what="connections" one="connection" errors={errors} retry={refetch}>
        <Link to="/console/integrations">All connections</Link>
      </AbsentState>
    );
  }
  return (
    <>
      <Head connection={connection} refetch={refetch} />
      <PartialNotice errors={errors} />
      <Facts connection={connection} />
      {mayAuditIntegrations || mayAuditAll ? (
        <Card title="Who saw the credential">
          <AccessLog connectionId={id} />
        </Card>
      ) : null}
    </>
  );
}

function Head({ connection, refetch }: { connection: OneConnection; refetch: () => void }) {
  const [asking, setAsking] = useState<'reveal' | 'replace' | 'revoke' | null>(null);
  const mayWrite = useMay('integrations:write');
  const mayReveal = useMay('integrations:reveal');
  const isActive = connection.status === 'ACTIVE';
  const close = () => setAsking(null);
  return (
    <>
      <PageHead
        title={<span className="integrations-name">{connection.name}</span>}
        about={<Link to="/console/integrations">All connections</Link>}
      >
        {isActive && mayReveal ? <Button onClick={() => setAsking('reveal')}>Show the credential</Button> : null}
        {isActive && mayWrite ? (
          <>
            <Button icon="refresh" onClick={() => setAsking('replace')}>
              Replace
            </Button>
            <Button look="danger" onClick={() => setAsking('revoke')}>
              Revoke
            </Button>
          </>
        ) : null}
      </PageHead>
      {asking === 'reveal' ? <RevealDialog connection={connection} onClose={close} /> : null}
      {asking === 'replace' ? (
        <CredentialDialog providers={[connection.provider]} connection={connection} onClose={close} onStored={refetch} />
      ) : null}
      {asking === 'revoke' ? <RevokeDialog connection={connection} onClose={close} onRevoked={refetch} /> : null}
    </>
  );
}

function Facts({ connection }: { connection: OneConnection }) {
  const { provider } = connection;
  return (
    <Card title="Facts">
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <StatusBadge status={connection.status} />
        </dd>
        <dt>System</dt>
        <dd>
          {provider.displayName} ({AUTH_MODES[provider.authMode]})
        </dd>
        {provider.scopes.length === 0 ? null : (
          <>
            <dt>Used for</dt>
            <dd>{provider.scopes.join(', ')}</dd>
          </>
        )}
        <dt>Credential</dt>
        <dd>
          <code>{connection.hint}</code>
        </dd>
        <dt>Owner</dt>
        <dd>{connection.owner?.displayName ?? 'A program'}</dd>
        <dt>Made</dt>
        <dd>{formatDateTime(connection.createdAt)}</dd>
        <dt>To be replaced</dt>
        <dd>
          <RotateBy rotateBy={connection.rotateBy} status={connection.status} />
        </dd>
        <dt>Encrypted by</dt>
        <dd>its key number {connection.keyVersion}</dd>
        <dt>Version</dt>
        <dd>{connection.version}</dd>
        <dt>Id</dt>
        <dd>
          <Copyable text={connection.id} what="the id" />
        </dd>
      </dl>
    </Card>
  );
}

interface RevokeProps {
  readonly connection: OneConnection;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

function RevokeDialog({ connection, onClose, onRevoked }: RevokeProps) {
  const [problem, setProblem] = useState<string>();
  const { send, running } = useMutation(IntegrationsRevokeDocument);
  const revoke = async () => {
    const answer = await send({ id: connection.id });
    if (answer === undefined) return;
    const [error] = answer.data.revokeConnection.errors;
    if (error !== undefined) return setProblem(sentence(error.message));
    toast(`Revoked ${connection.name}`);
    onRevoked();
    onClose();
  };
  return (
    <Dialog title="Revoke this connection?" onClose={onClose}>
      <p>Its credential is thrown away for ever: whatever uses {connection.name} stops working at once.</p>
      <Form action="Revoke" look="danger" busy={running} problem={problem} onSubmit={() => void revoke()} onCancel={onClose} />
    </Dialog>
  );
}
