import { Badge, type Tone } from '../../design/badge';
import { formatBytes, formatClock, formatEnum } from '../../design/format';
import type { Entry, FileEntry, WebhookEntry } from './entry';

export function EntryRow({ entry }: { entry: Entry }) {
  return (
    <div className={`live-row ${entry.kind}`}>
      <time dateTime={entry.at}>{formatClock(entry.at)}</time>
      {entry.kind === 'note' ? (
        <span className={`live-note ${entry.tone}`} title={entry.text}>
          {entry.text}
        </span>
      ) : entry.kind === 'webhook' ? (
        <Webhook entry={entry} />
      ) : (
        <FileChange entry={entry} />
      )}
    </div>
  );
}

function Webhook({ entry: { event } }: { entry: WebhookEntry }) {
  const text = event.message?.text ?? event.sender?.value ?? '';
  return (
    <>
      <Badge tone="info">{event.type}</Badge>
      <span className="live-text">{text}</span>
      <span className="live-from muted">{event.app.name}</span>
    </>
  );
}

const TONES: Readonly<Record<FileEntry['change']['kind'], Tone>> = {
  CREATED: 'good',
  UPDATED: 'warning',
  DELETED: 'bad',
};

function FileChange({ entry: { change } }: { entry: FileEntry }) {
  return (
    <>
      <Badge tone={TONES[change.kind]}>File {formatEnum(change.kind).toLowerCase()}</Badge>
      <span className="live-text">{change.file?.name ?? change.fileId}</span>
      <span className="live-from muted">{change.file === null ? '' : formatBytes(change.file.size)}</span>
    </>
  );
}
