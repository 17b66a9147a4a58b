import { execute } from '../../graphql/execute';
import { sentence } from '../../graphql/problems';
import { FilesCancelUploadDocument, FilesCreateUploadDocument, FilesUploadDocument } from './operations.generated';
import { Interruption, Refusal, sendRest, Stopped } from './tus';
import { addUpload, changeUpload, findUpload, forgetUpload, type LocalUpload, uploads } from './upload-store';

/** More at once would only share the same line. */
const AT_ONCE_MAX = 3;
/** Hashing takes the whole file into memory. */
const HASHED_BYTES_MAX = 64 * 1024 * 1024;

const running = new Map<string, AbortController>();

const newKey = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`;

/** Takes files in. One that an unfinished upload is waiting for goes on with it. */
export function takeFiles(files: Iterable<File>, collectionId: string): void {
  for (const file of files) {
    const waiting = uploads.get().find((upload) => upload.state.is === 'wants-file' && isSame(upload, file));
    if (waiting === undefined) {
      const { name, size, lastModified } = file;
      const key = newKey();
      addUpload({
        key, name, size, lastModified, collectionId, file, uploadId: null, sent: 0, rate: null, state: { is: 'queued' },
      });
    } else {
      changeUpload(waiting.key, { file, state: { is: 'queued' } });
    }
  }
  startNext();
}

/** Whether it is the file that the upload was begun with, as far as a browser tells. */
export function isSame(upload: LocalUpload, file: File): boolean {
  return upload.name === file.name && upload.size === file.size && upload.lastModified === file.lastModified;
}

export function pause(key: string): void {
  running.get(key)?.abort();
  changeUpload(key, { rate: null, state: { is: 'paused' } });
}

export function resume(key: string): void {
  changeUpload(key, { state: { is: 'queued' } });
  startNext();
}

/** Gives it up: here, and at the server with everything that is stored of it. */
export async function cancel(key: string): Promise<void> {
  running.get(key)?.abort();
  const uploadId = findUpload(key)?.uploadId ?? null;
  forgetUpload(key);
  if (uploadId !== null) await execute(FilesCancelUploadDocument, { id: uploadId });
}

/** After a reload: how far each upload is, and which are over or somebody else's. */
export async function recallUploads(): Promise<void> {
  for (const { key, uploadId, state } of uploads.get()) {
    if (state.is !== 'wants-file' || uploadId === null) continue;
    const { data } = await execute(FilesUploadDocument, { id: uploadId });
    const open = data.upload?.status === 'CREATED' || data.upload?.status === 'RECEIVING';
    if (data.upload === null || !open) forgetUpload(key);
    else changeUpload(key, { sent: data.upload.offset });
  }
}

function startNext(): void {
  for (const { key, state } of [...uploads.get()].reverse()) {
    if (running.size >= AT_ONCE_MAX) return;
    if (state.is === 'queued' && !running.has(key)) void run(key);
  }
}

async function run(key: string): Promise<void> {
  const stop = new AbortController();
  running.set(key, stop);
  try {
    await bring(key, stop.signal);
  } catch (reason) {
    const problem = sentence(reason instanceof Error ? reason.message : String(reason));
    if (reason instanceof Refusal) changeUpload(key, { rate: null, state: { is: 'refused', problem } });
    else if (!(reason instanceof Stopped)) changeUpload(key, { rate: null, state: { is: 'interrupted', problem } });
  } finally {
    running.delete(key);
    startNext();
  }
}

async function bring(key: string, signal: AbortSignal): Promise<void> {
  const { file } = findUpload(key) ?? { file: null };
  if (file === null) return;
  const place = await begin(key, file, signal);
  if (place === null) return;
  changeUpload(key, { state: { is: 'sending' } });
  await sendRest(place.url, file, signal, {
    onProgress: measure(key),
    onRetry: (attempt) => changeUpload(key, { rate: null, state: { is: 'retrying', attempt } }),
  });
  const { data } = await execute(FilesUploadDocument, { id: place.id });
  changeUpload(key, { sent: file.size, rate: null, state: { is: 'done', fileId: data.upload?.file?.id ?? null } });
}

/** Begins the upload, or finds the one that was begun. Null when there is nothing to send. */
async function begin(key: string, file: File, signal: AbortSignal): Promise<{ id: string; url: string } | null> {
  const { uploadId, collectionId } = findUpload(key) ?? { uploadId: null, collectionId: '' };
  if (uploadId !== null) {
    const { data } = await execute(FilesUploadDocument, { id: uploadId });
    if (data.upload === null) throw new Refusal('this upload is not there any more');
    return { id: uploadId, url: data.upload.url };
  }
  changeUpload(key, { state: { is: 'starting' } });
  const sha256 = await hash(file);
  if (signal.aborted) throw new Stopped();
  const { name, size, type } = file;
  const mimeType = type === '' ? null : type;
  const input = { name, collectionId, size, mimeType, sha256, requireAuth: true, idempotencyKey: key };
  const { data } = await execute(FilesCreateUploadDocument, { input });
  const { upload, file: finished, errors } = data.createUpload;
  if (errors.length > 0) throw new Refusal(errors.map(({ message }) => message).join(' '));
  if (finished !== null) {
    changeUpload(key, { state: { is: 'done', fileId: finished.id } });
    return null;
  }
  if (upload === null) throw new Interruption('the upload was not begun');
  changeUpload(key, { uploadId: upload.id });
  return upload;
}

/** The SHA-256 by which the server knows that the bytes have come as they were; null for large files. */
async function hash(file: File): Promise<string | null> {
  // Only pages from a secure host have `subtle`.
  if (file.size > HASHED_BYTES_MAX || !window.isSecureContext) return null;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Shows how far it is, at most ten times a second, and how fast. */
function measure(key: string): (sent: number) => void {
  let before: { at: number; sent: number } | null = null;
  let rate: number | null = null;
  return (sent) => {
    const at = performance.now();
    // What was stored before counts as sent from the beginning, and after a break some is sent again.
    if (before === null || sent < before.sent) {
      before = { at, sent };
      rate = null;
      changeUpload(key, { sent, rate, state: { is: 'sending' } });
      return;
    }
    if (at - before.at < 100) return;
    const now = ((sent - before.sent) * 1000) / (at - before.at);
    rate = rate === null ? now : rate * 0.8 + now * 0.2;
    before = { at, sent };
    changeUpload(key, { sent, rate, state: { is: 'sending' } });
  };
}
