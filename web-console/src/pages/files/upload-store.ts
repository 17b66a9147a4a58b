import { createStore } from '../../app/store';

/** How far an upload of this browser is. */
export type UploadState =
  | { readonly is: 'queued' }
  | { readonly is: 'starting' }
  | { readonly is: 'sending' }
  | { readonly is: 'retrying'; readonly attempt: number }
  | { readonly is: 'paused' }
  /** The connection did not come back; the user decides when to go on. */
  | { readonly is: 'interrupted'; readonly problem: string }
  /** It was begun before this page was loaded: the bytes are wanted again. */
  | { readonly is: 'wants-file' }
  | { readonly is: 'done'; readonly fileId: string | null }
  | { readonly is: 'refused'; readonly problem: string };

export interface LocalUpload {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly collectionId: string;
  /** Null until the upload is begun. */
  readonly uploadId: string | null;
  /** Null after a reload. */
  readonly file: File | null;
  readonly sent: number;
  /** Bytes per second, smoothed; null when nothing moves. */
  readonly rate: number | null;
  readonly state: UploadState;
}

/** What is remembered over a reload: no link and no bytes, so nothing that opens anything. */
interface Remembered {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly collectionId: string;
  readonly uploadId: string;
}

const KEY = 'tenon.uploads';
/** As many unfinished uploads as one looks after. */
const REMEMBERED_MAX = 50;

function recall(): readonly LocalUpload[] {
  let remembered: readonly Remembered[];
  try {
    remembered = JSON.parse(localStorage.getItem(KEY) ?? '[]') as readonly Remembered[];
  } catch {
    return [];
  }
  return remembered.map((upload) => ({ ...upload, file: null, sent: 0, rate: null, state: { is: 'wants-file' } }));
}

export const uploads = createStore<readonly LocalUpload[]>(recall());

uploads.subscribe(() => {
  const unfinished: readonly Remembered[] = uploads
    .get()
    .filter(({ state }) => state.is !== 'done' && state.is !== 'refused')
    .flatMap(({ key, name, size, lastModified, collectionId, uploadId }) =>
      uploadId === null ? [] : [{ key, name, size, lastModified, collectionId, uploadId }],
    )
    .slice(-REMEMBERED_MAX);
  const text = JSON.stringify(unfinished);
  if (unfinished.length === 0) localStorage.removeItem(KEY);
  else if (text !== localStorage.getItem(KEY)) localStorage.setItem(KEY, text);
});

export function addUpload(upload: LocalUpload): void {
  uploads.set([upload, ...uploads.get()]);
}

export function findUpload(key: string): LocalUpload | undefined {
  return uploads.get().find((upload) => upload.key === key);
}

export function changeUpload(key: string, change: Partial<LocalUpload>): void {
  uploads.set(uploads.get().map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
}

export function forgetUpload(key: string): void {
  uploads.set(uploads.get().filter((upload) => upload.key !== key));
}
