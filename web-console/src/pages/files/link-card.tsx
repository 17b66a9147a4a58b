import { useState } from 'react';

import { Copyable } from '../../design/copy';
import { Form } from '../../design/dialog';
import { Field } from '../../design/field';
import { formatDateTime } from '../../design/format';
import { Card } from '../../design/page';
import { useSecondsUntil } from '../../design/use-seconds-until';
import { execute } from '../../graphql/execute';
import { Failure } from '../../graphql/failure';
import { sentence } from '../../graphql/problems';
import type { OneFile } from './detail';
import { FilesLinkDocument } from './operations.generated';

const PERIODS = [
  { seconds: 300, title: '5 minutes' },
  { seconds: 3600, title: '1 hour' },
  { seconds: 86_400, title: '1 day' },
  { seconds: 604_800, title: '1 week' },
] as const;

interface Link {
  readonly url: string;
  readonly expiresAt: string;
}

export function LinkCard({ file }: { file: OneFile }) {
  const [expiresIn, setExpiresIn] = useState<number>(300);
  const [disposition, setDisposition] = useState<'INLINE' | 'ATTACHMENT'>('ATTACHMENT');
  const [link, setLink] = useState<Link | null>(null);
  const [problem, setProblem] = useState<string>();
  const [running, setRunning] = useState(false);
  const make = async () => {
    setRunning(true);
    setProblem(undefined);
    try {
      const { data, errors } = await execute(FilesLinkDocument, { id: file.id, expiresIn, disposition });
      setLink(data.file?.signedUrl ?? null);
      if (errors.length > 0) setProblem(sentence(Failure.of(errors).message));
    } catch (reason) {
      setProblem(reason instanceof Error ? sentence(reason.message) : String(reason));
    } finally {
      setRunning(false);
    }
  };
  return (
    <Card title="Signed link">
      <p className="muted">Opens this file for whoever has it, without signing in, until it ends. It cannot be called back.</p>
      <Form action="Make a link" busy={running} problem={problem} onSubmit={() => void make()}>
        <Field label="Valid for">
          {(control) => (
            <select {...control} value={expiresIn} onChange={(event) => setExpiresIn(Number(event.target.value))}>
              {PERIODS.map(({ seconds, title }) => (
                <option key={seconds} value={seconds}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="A browser">
          {(control) => (
            <select
              {...control}
              value={disposition}
              onChange={(event) => setDisposition(event.target.value === 'INLINE' ? 'INLINE' : 'ATTACHMENT')}
            >
              <option value="ATTACHMENT">saves the file</option>
              <option value="INLINE">shows the file, if that is safe</option>
            </select>
          )}
        </Field>
      </Form>
      {link === null ? null : <Made link={link} />}
    </Card>
  );
}

function Made({ link: { url, expiresAt } }: { link: Link }) {
  const left = useSecondsUntil(Date.parse(expiresAt));
  if (left <= 0) return <p className="notice">This link has ended. Make another one.</p>;
  return (
    <div className="files-link" role="status">
      <Copyable text={url} what="the link" />
      <p className="muted">
        Ends {formatDateTime(expiresAt)}
        {left < 3600 ? `, in ${Math.floor(left / 60)} min ${left % 60} s` : null}.{' '}
        <a href={url} target="_blank" rel="noreferrer">
          Open it
        </a>
      </p>
    </div>
  );
}
