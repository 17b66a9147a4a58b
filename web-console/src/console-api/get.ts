import { readBody } from '../graphql/execute';
import { type AnswerError, Failure } from '../graphql/failure';
import { credentials } from '../session/session';

const DEADLINE_MS = 10_000;

/** Reads from the gateway's own small interface: what the gateway knows about itself. */
export async function getFromGateway<Body>(path: '' | `/${string}`, signal?: AbortSignal): Promise<Body> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const response = await fetch(`/console/api${path}`, {
    headers: credentials(),
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  });
  const body = await readBody<Body & { errors?: readonly AnswerError[] }>(response);
  if (!response.ok) throw Failure.of(body.errors ?? []);
  return body;
}
