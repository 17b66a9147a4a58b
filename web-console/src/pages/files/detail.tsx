import { useState } from 'react';
import { Link, useLocation } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { Copyable } from '../../design/copy';
import { Dialog, Form } from '../../design/dialog';
import { formatBytes, formatDateTime } from '../../design/format';
import { Json } from '../../design/json';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState } from '../../design/refusals';
import { Loading } from '../../design/states';
import { toast } from '../../design/toasts';
import { useMutation } from '../../graphql/use-mutation';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { download } from './download';
import { EditDialog } from './edit-dialog';
import { LinkCard } from './link-card';
import { FilesDeleteDocument, FilesOneDocument, type FilesOneQuery } from './operations.generated';
import { Preview } from './preview';

export type OneFile = NonNullable<FilesOneQuery['file']>;

export function FileDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(FilesOneDocument, { id });
  if (failure !== undefined) return <FailureState what="files" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the file" />;
  if (data.file === null) {
    return (
      <AbsentState what="files" one="file" errors={errors} retry={refetch}>
        It may have been deleted. <Link to="/console/files">All files</Link>
      </AbsentState>
    );
  }
  return <Shown file={data.file} refetch={refetch} />;
}

function Shown({ file, refetch }: { file: OneFile; refetch: () => void }) {
  const [asking, setAsking] = useState<'edit' | 'delete' | null>(null);
  const mayWrite = useMay('files:write');
  const mayShare = useMay('files:share');
  const close = () => setAsking(null);
  return (
    <>
      <PageHead title={<span className="files-name">{file.name}</span>} about={<Link to="/console/files">All files</Link>}>
        <Button icon="download" onClick={() => void save(file)}>
          Download
        </Button>
        {mayWrite ? (
          <>
            <Button onClick={() => setAsking('edit')}>Edit</Button>
            <Button look="danger" onClick={() => setAsking('delete')}>
              Delete
            </Button>
          </>
        ) : null}
      </PageHead>
      {asking === 'edit' ? <EditDialog file={file} onClose={close} onChanged={refetch} /> : null}
      {asking === 'delete' ? <DeleteDialog file={file} onClose={close} /> : null}
      <div className="cards">
        <div className="files-column">
          <Card title="Preview">
            <Preview file={file} />
          </Card>
          {mayShare ? <LinkCard file={file} /> : null}
        </div>
        <Facts file={file} />
      </div>
    </>
  );
}

async function save(file: OneFile): Promise<void> {
  try {
    await download(file);
  } catch (reason) {
    toast(reason instanceof Error ? reason.message : String(reason), 'bad');
  }
}

function Facts({ file }: { file: OneFile }) {
  return (
    <Card title="Facts">
      <dl className="facts">
        <dt>Type</dt>
        <dd>
          {file.mimeType}
          {file.declaredMimeType === null || file.declaredMimeType === file.mimeType ? null : (
            <span className="muted"> (its sender said {file.declaredMimeType})</span>
          )}
        </dd>
        <dt>Size</dt>
        <dd>{formatBytes(file.size)}</dd>
        <dt>Collection</dt>
        <dd>
          <Link to={`/console/files?collection=${file.collection.id}`}>{file.collection.slug}</Link>
        </dd>
        <dt>Group</dt>
        <dd>{file.group ?? '–'}</dd>
        <dt>Access</dt>
        <dd>
          {file.requireAuth ? <Badge>With a token or signed link</Badge> : <Badge tone="warning">Everybody with its URL</Badge>}
        </dd>
        <dt>Uploaded</dt>
        <dd>
          {formatDateTime(file.createdAt)} by {file.owner?.displayName ?? 'a program'}
        </dd>
        <dt>Changed</dt>
        <dd>
          {formatDateTime(file.updatedAt)} (version {file.version})
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <Copyable text={file.contentHash} what="the SHA-256" />
        </dd>
        <dt>Id</dt>
        <dd>
          <Copyable text={file.id} what="the id" />
        </dd>
      </dl>
      <h3>Metadata</h3>
      <Json value={file.metadata} label="Metadata" />
    </Card>
  );
}

function DeleteDialog({ file, onClose }: { file: OneFile; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [problem, setProblem] = useState<string>();
  const { send, running } = useMutation(FilesDeleteDocument);
  const remove = async () => {
    const answer = await send({ id: file.id });
    if (answer === undefined) return;
    const [error] = answer.data.deleteFile.errors;
    if (error !== undefined) return setProblem(error.message);
    toast(`Deleted ${file.name}`);
    navigate('/console/files');
  };
  return (
    <Dialog title="Delete this file?" onClose={onClose}>
      <p>{file.name} and its bytes are removed for ever. Links to it stop working at once.</p>
      <Form action="Delete" look="danger" busy={running} problem={problem} onSubmit={() => void remove()} onCancel={onClose} />
    </Dialog>
  );
}
