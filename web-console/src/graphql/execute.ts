import { credentials } from '../session/session';
import type { Arguments, Document } from './document';
import { type AnswerError, Failure } from './failure';

/** The data, and what is wrong with parts of it. */
export interface Answer<Data> {
  readonly data: Data;
  readonly errors: readonly AnswerError[];
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnswerError[];
}

/** An answer that has not come by then will not come. */
const DEADLINE_MS = 30_000;

/** Asks the gateway. Partial data is an answer; no data is a {@link Failure}. */
export async function execute<Data, Variables>(
  document: Document<Data, Variables>,
  ...[variables]: Arguments<Variables>
): Promise<Answer<Data>> {
  return executeUnless(AbortSignal.timeout(DEADLINE_MS), document, variables);
}

/** As {@link execute}, until the signal aborts it. */
export async function executeUnless<Data, Variables>(
  signal: AbortSignal,
  document: Document<Data, Variables>,
  variables: Variables | undefined,
): Promise<Answer<Data>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { ...credentials(), 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document, variables }),
    signal,
  });
  const { data, errors = [] } = await readBody<Body<Data>>(response);
  if (data === undefined || data === null) throw Failure.of(errors);
  return { data, errors };
}

/** Proxies in between answer with pages; those become a failure in one line. */
export async function readBody<Body>(response: Response): Promise<Body> {
  if (response.headers.get('content-type')?.includes('json') === true) {
    return (await response.json()) as Body;
  }
  throw new Failure(`the server answered ${response.status} ${response.statusText}`.trim());
}
