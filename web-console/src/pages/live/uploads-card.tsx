import { type FormEvent, useEffect, useId, useState } from 'react';

import { useStore } from '../../app/store';
import { Badge, type Tone } from '../../design/badge';
import { Button } from '../../design/button';
import { formatBytes, formatEnum } from '../../design/format';
import { Card } from '../../design/page';
import { toast } from '../../design/toasts';
import { follow } from '../../graphql/follow';
import { transport } from '../../graphql/transport';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { session } from '../../session/session';
import { uploads } from '../files/upload-store';
import { LiveUploadDocument, LiveUploadProgressDocument, type LiveUploadProgressSubscription } from './operations.generated';
import { sendTestUpload } from './test-upload';

/** As many as fit beside the events. */
const WATCHED_MAX = 8;

export function UploadsCard() {
  const own = useStore(uploads);
  const maySend = useMay('files:write');
  const [asked, setAsked] = useState<readonly string[]>([]);
  const named = own.flatMap(({ uploadId, name }) => (uploadId === null ? [] : [{ id: uploadId, name }]));
  const foreign = asked.filter((id) => !named.some((upload) => upload.id === id)).map((id) => ({ id, name: id }));
  const watched = [...foreign, ...named].slice(0, WATCHED_MAX);
  const send = () => sendTestUpload().catch((failure: Error) => toast(failure.message, 'bad'));
  return (
    <Card
      title="Uploads"
      actions={
        maySend ? (
          <Button icon="upload" onClick={send}>
            Send a test upload
          </Button>
        ) : undefined
      }
    >
      {watched.length === 0 ? <p className="muted">Uploads of this tab appear here, and any other by its id.</p> : null}
      {watched.map(({ id, name }) => (
        <UploadRow key={id} id={id} name={name} />
      ))}
      <WatchForm onWatch={(id) => setAsked([id, ...asked.filter((other) => other !== id)].slice(0, WATCHED_MAX))} />
    </Card>
  );
}

function WatchForm({ onWatch }: { onWatch: (id: string) => void }) {
  const field = useId();
  const [id, setId] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onWatch(id.trim());
    setId('');
  };
  return (
    <form className="live-watch" onSubmit={submit}>
      <label className="visually-hidden" htmlFor={field}>
        Id of an upload
      </label>
      <input id={field} placeholder="Id of an upload" value={id} onChange={(event) => setId(event.target.value)} />
      <Button type="submit" disabled={id.trim() === ''}>
        Watch
      </Button>
    </form>
  );
}

type Progress = LiveUploadProgressSubscription['uploadProgress'];

const TONES: Readonly<Record<Progress['status'], Tone>> = {
  CREATED: 'neutral',
  RECEIVING: 'info',
  ASSEMBLING: 'info',
  COMPLETE: 'good',
  FAILED: 'bad',
  EXPIRED: 'warning',
  CANCELLED: 'warning',
};

function UploadRow({ id, name }: { id: string; name: string }) {
  const { data, failure } = useQuery(LiveUploadDocument, { id });
  const [news, setNews] = useState<Progress>();
  const user = useStore(session);
  const over = useStore(transport);
  useEffect(
    () =>
      follow({
        document: LiveUploadProgressDocument,
        variables: () => ({ id }),
        transport: over,
        completion: 'ends',
        onEvent: ({ uploadProgress }) => setNews(uploadProgress),
        onState: () => {},
      }),
    [id, over, user?.token],
  );
  const known = news ?? data?.upload ?? undefined;
  const problem = failure?.message ?? (data !== undefined && data.upload === null ? 'There is no such upload' : undefined);
  return (
    <div className="live-upload">
      <div className="live-upload-head">
        <span className="live-text" title={name}>
          {name}
        </span>
        {known === undefined ? null : <Badge tone={TONES[known.status]}>{formatEnum(known.status)}</Badge>}
      </div>
      {problem === undefined ? <ProgressBar name={name} known={known} news={news} /> : <p className="problem">{problem}</p>}
    </div>
  );
}

interface BarProps {
  readonly name: string;
  readonly known: { readonly offset: number; readonly length: number | null } | undefined;
  readonly news: Progress | undefined;
}

function ProgressBar({ name, known, news }: BarProps) {
  const offset = known?.offset ?? 0;
  const length = known?.length ?? null;
  const percent = length === null ? 0 : length === 0 ? 100 : Math.floor((offset / length) * 100);
  const rate = news?.status === 'RECEIVING' ? news.bytesPerSecond : null;
  return (
    <>
      <div
        className="progress"
        role="progressbar"
        aria-label={`Upload of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
      <p className="muted live-small">
        {formatBytes(offset)} of {length === null ? 'an unknown length' : formatBytes(length)}
        {rate == null ? null : ` · ${formatBytes(rate)}/s`}
      </p>
    </>
  );
}
