import { DetailedError, Upload } from 'tus-js-client';

/** About a minute of waiting in all; then the user decides. Any progress starts it anew. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000];

/** The server will not take the bytes, whoever sends them again. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The connection broke, or the server is not well: the same can work later. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** Somebody stopped it. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

interface Followed {
  readonly onProgress: (sent: number) => void;
  /** It broke, and is tried again in a moment. */
  readonly onRetry: (attempt: number) => void;
}

/** Brings the bytes that the server lacks to an upload that was begun. Resolves when all are stored. */
export function sendRest(url: string, file: File, signal: AbortSignal, { onProgress, onRetry }: Followed): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Stopped());
    const upload = new Upload(file, {
      uploadUrl: onThisHost(url),
      // Which upload waits for which file is remembered by the page, without the link.
      storeFingerprintForResuming: false,
      retryDelays: RETRY_DELAYS_MS,
      onProgress,
      onShouldRetry(error, attempt) {
        const again = judge(error) instanceof Interruption;
        if (again) onRetry(attempt + 1);
        return again;
      },
      onError: (error) => reject(judge(error)),
      onSuccess: () => resolve(),
    });
    signal.addEventListener('abort', () => {
      void upload.abort();
      reject(new Stopped());
    });
    upload.start();
  });
}

/** Upload links name the gateway's public host; this page talks to the one that it came from. */
function onThisHost(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function judge(error: Error): Refusal | Interruption {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (response === null) return new Interruption('the connection broke');
  const status = response.getStatus();
  if (status === 404 || status === 410) return new Refusal('this upload is not there any more');
  const isPassing = status >= 500 || status === 408 || status === 409 || status === 423 || status === 429;
  return new (isPassing ? Interruption : Refusal)(reason(response.getBody()) ?? `the server answered ${status}`);
}

/** What a refusal says, from the body of the files' door. */
function reason(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { error?: { message?: string } }).error?.message;
  } catch {
    // Proxies in between answer with pages.
    return undefined;
  }
}
