import { credentials } from '../../session/session';

interface Downloadable {
  readonly name: string;
  readonly downloadUrl: string;
}

/** A response with the bytes of a file, or a part of them, as the signed-in user may read them. */
export async function fetchBytes(
  { downloadUrl }: Downloadable,
  signal: AbortSignal | null = null,
  range?: string,
): Promise<Response> {
  // The URL names the gateway's public host; this page talks to the one that it came from.
  const { pathname, search } = new URL(downloadUrl);
  const response = await fetch(pathname + search, {
    headers: { ...credentials(), ...(range === undefined ? {} : { range }) },
    signal,
  });
  if (!response.ok) throw new Error(`The file could not be read: the server answered ${response.status}`);
  return response;
}

/** Saves the file where the browser saves files. */
export async function download(file: Downloadable): Promise<void> {
  const response = await fetchBytes(file);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The download has begun with the click; a minute is more than it needs to open the bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
