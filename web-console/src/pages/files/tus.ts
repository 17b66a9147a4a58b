/** The part of tus 1.0 that a browser needs to bring bytes to an upload that exists already. */

const VERSION = '1.0.0';
const ASK_DEADLINE_MS = 15_000;

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

/** Upload links name the gateway's public host; this page talks to the one that it came from. */
function onThisHost(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function judge(status: number, message: string): Error {
  const again = status >= 500 || status === 408 || status === 409 || status === 429;
  return again ? new Interruption(message) : new Refusal(message);
}

/** How many bytes are safely stored. */
export async function askOffset(url: string, signal: AbortSignal): Promise<number> {
  let response: Response;
  try {
    response = await fetch(onThisHost(url), {
      method: 'HEAD',
      headers: { 'tus-resumable': VERSION },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_DEADLINE_MS)]),
    });
  } catch {
    throw signal.aborted ? new Stopped() : new Interruption('the connection broke');
  }
  const offset = Number(response.headers.get('upload-offset') ?? Number.NaN);
  if (response.ok && Number.isSafeInteger(offset)) return offset;
  const gone = response.status === 404 || response.status === 410;
  throw judge(response.status, gone ? 'this upload is not there any more' : `the server answered ${response.status}`);
}

/** What a refusal says, from the body of the files' door. */
function reason(request: XMLHttpRequest): string {
  try {
    const body = JSON.parse(request.responseText) as { error?: { message?: string } };
    if (body.error?.message !== undefined) return body.error.message;
  } catch {
    // Proxies in between answer with pages.
  }
  return `the server answered ${request.status}`;
}

/**
 * Sends everything from `offset` on. `fetch` does not tell how far a body is; XMLHttpRequest does.
 * Resolves with the bytes that are stored then.
 */
export function sendFrom(
  url: string,
  file: Blob,
  offset: number,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (how: () => void) => {
      signal.removeEventListener('abort', stop);
      how();
    };
    request.open('PATCH', onThisHost(url));
    request.setRequestHeader('tus-resumable', VERSION);
    request.setRequestHeader('upload-offset', String(offset));
    request.setRequestHeader('content-type', 'application/offset+octet-stream');
    request.upload.onprogress = ({ loaded }) => onProgress(offset + loaded);
    request.onerror = () => end(() => reject(new Interruption('the connection broke')));
    request.onabort = () => end(() => reject(new Stopped()));
    request.onload = () =>
      end(() => {
        const stored = Number(request.getResponseHeader('upload-offset') ?? Number.NaN);
        if (request.status === 204 && Number.isSafeInteger(stored)) resolve(stored);
        else reject(judge(request.status, reason(request)));
      });
    if (signal.aborted) return reject(new Stopped());
    signal.addEventListener('abort', stop);
    request.send(file.slice(offset));
  });
}
