import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { formatBytes, formatDateTime, formatEnum } from '../../design/format';
import { Card } from '../../design/page';
import { ErrorState, Loading } from '../../design/states';
import { useQuery } from '../../graphql/use-query';
import type { Entry, FileEntry, WebhookEntry } from './entry';
import { LiveEventDetailsDocument } from './operations.generated';

export function EntryDetails({ entry }: { entry: Entry | undefined }) {
  if (entry === undefined) {
    return (
      <Card title="Event">
        <p className="muted">Choose an event to see what came with it.</p>
      </Card>
    );
  }
  if (entry.kind === 'webhook') return <WebhookDetails key={entry.event.id} entry={entry} />;
  if (entry.kind === 'file') return <FileDetails entry={entry} />;
  return (
    <Card title="Connection">
      <p>{entry.text}</p>
    </Card>
  );
}

function WebhookDetails({ entry: { event } }: { entry: WebhookEntry }) {
  const { data, failure } = useQuery(LiveEventDetailsDocument, { id: event.id });
  const details = data?.webhookEvent;
  return (
    <Card title={event.type}>
      <dl className="facts">
        <dt>App</dt>
        <dd>{event.app.name}</dd>
        <dt>Through</dt>
        <dd>{formatEnum(event.channel)}</dd>
        <dt>Received</dt>
        <dd>{formatDateTime(event.receivedAt)}</dd>
        {event.sender === null ? null : (
          <>
            <dt>From</dt>
            <dd className="mono">{event.sender.value}</dd>
          </>
        )}
        {details?.customer == null ? null : (
          <>
            <dt>Customer</dt>
            <dd>
              <Link href={`/console/customers/${details.customer.id}`}>{details.customer.displayName ?? 'unnamed'}</Link>
            </dd>
          </>
        )}
        {details == null ? null : (
          <>
            <dt>Status</dt>
            <dd>
              <Badge>{formatEnum(details.status)}</Badge>
              {details.duplicates === 0 ? null : ` came ${details.duplicates} times again`}
            </dd>
          </>
        )}
      </dl>
      <h3>Payload</h3>
      {failure !== undefined ? (
        <ErrorState title="The payload could not be loaded" error={failure} />
      ) : data === undefined ? (
        <Loading what="the payload" />
      ) : (
        <pre className="live-payload" tabIndex={0}>
          {JSON.stringify(details?.payload ?? null, null, 2)}
        </pre>
      )}
    </Card>
  );
}

function FileDetails({ entry: { change } }: { entry: FileEntry }) {
  return (
    <Card title={`File ${formatEnum(change.kind).toLowerCase()}`}>
      <dl className="facts">
        <dt>File</dt>
        <dd>{change.file === null ? change.fileId : <Link href={`/console/files/${change.fileId}`}>{change.file.name}</Link>}</dd>
        {change.file === null ? null : (
          <>
            <dt>Size</dt>
            <dd>{formatBytes(change.file.size)}</dd>
            <dt>Type</dt>
            <dd>{change.file.mimeType}</dd>
          </>
        )}
        <dt>When</dt>
        <dd>{formatDateTime(change.at)}</dd>
      </dl>
    </Card>
  );
}
