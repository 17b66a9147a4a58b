import { useEffect, useState } from 'react';

import { formatBytes } from '../../design/format';
import { ErrorState, Loading } from '../../design/states';
import type { OneFile } from './detail';
import { fetchBytes } from './download';

/** What browsers draw or play without running anything in it. */
const MEDIA = new Map<string, 'image' | 'audio' | 'video' | 'pdf'>([
  ['image/avif', 'image'],
  ['image/gif', 'image'],
  ['image/jpeg', 'image'],
  ['image/png', 'image'],
  ['image/webp', 'image'],
  ['audio/mpeg', 'audio'],
  ['audio/ogg', 'audio'],
  ['audio/wav', 'audio'],
  ['video/mp4', 'video'],
  ['video/webm', 'video'],
  // In a tab of its own: the page's policy has no frames.
  ['application/pdf', 'pdf'],
]);
/** Media are shown whole. */
const MEDIA_BYTES_MAX = 32 * 1000 * 1000;
/** As much of a text as one reads in a preview. */
const TEXT_BYTES_MAX = 64 * 1000;

type Shown =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly error: Error }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'media'; readonly url: string };

export function Preview({ file }: { file: OneFile }) {
  const kind = MEDIA.get(file.mimeType) ?? (file.mimeType === 'text/plain' ? 'text' : undefined);
  if (kind === undefined) return <p className="muted">Files of the type {file.mimeType} are not shown here.</p>;
  if (kind !== 'text' && file.size > MEDIA_BYTES_MAX) {
    return <p className="muted">It has {formatBytes(file.size)}: too much for a preview.</p>;
  }
  return <Loaded file={file} kind={kind} />;
}

function Loaded({ file, kind }: { file: OneFile; kind: 'text' | 'image' | 'audio' | 'video' | 'pdf' }) {
  const [shown, setShown] = useState<Shown>({ is: 'loading' });
  const { downloadUrl, contentHash, name, mimeType } = file;
  useEffect(() => {
    const asked = new AbortController();
    let url: string | undefined;
    const load = async (): Promise<Shown> => {
      if (kind === 'text') {
        const part = await fetchBytes({ name, downloadUrl }, asked.signal, `bytes=0-${TEXT_BYTES_MAX - 1}`);
        return { is: 'text', text: await part.text() };
      }
      const whole = await fetchBytes({ name, downloadUrl }, asked.signal);
      // Whatever the answer says it is: nothing but this type is shown.
      url = URL.createObjectURL(new Blob([await whole.arrayBuffer()], { type: mimeType }));
      return { is: 'media', url };
    };
    load().then(setShown, (error: Error) => {
      if (!asked.signal.aborted) setShown({ is: 'failed', error });
    });
    return () => {
      asked.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
    // Another content is another file to show; another user asks by `key`.
  }, [kind, name, mimeType, downloadUrl, contentHash]);
  if (shown.is === 'loading') return <Loading what="the preview" />;
  if (shown.is === 'failed') return <ErrorState title="No preview" error={shown.error} />;
  if (shown.is === 'text') return <Text text={shown.text} size={file.size} />;
  if (kind === 'pdf') {
    return (
      <p>
        <a href={shown.url} target="_blank" rel="noreferrer">
          Open the PDF in a new tab
        </a>
      </p>
    );
  }
  if (kind === 'image') return <img className="files-media" src={shown.url} alt={name} />;
  if (kind === 'audio') return <audio className="files-media" controls src={shown.url} aria-label={name} />;
  return <video className="files-media" controls src={shown.url} aria-label={name} />;
}

function Text({ text, size }: { text: string; size: number }) {
  return (
    <>
      <pre className="json files-text" tabIndex={0} role="region" aria-label="Text of the file">
        {text}
      </pre>
      {size > TEXT_BYTES_MAX ? (
        <p className="muted">
          The first {formatBytes(TEXT_BYTES_MAX)} of {formatBytes(size)}.
        </p>
      ) : null}
    </>
  );
}
