import { session } from '../session/session';

/** An error as GraphQL answers write it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly [key: string]: unknown };
}

const REFUSED = new Set(['UNAUTHORIZED_FIELD_OR_TYPE', 'FORBIDDEN']);

/** Whether an error with this code says that somebody may not see something. */
export function isRefused(code: string | undefined): boolean {
  return code !== undefined && REFUSED.has(code);
}

/** Why there is no answer, or no whole one. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    readonly code?: string,
    readonly errors: readonly AnswerError[] = [],
  ) {
    super(message);
  }

  static of(errors: readonly AnswerError[]): Failure {
    const [first] = errors;
    const others = new Set(errors.map(({ message }) => message)).size - 1;
    const more = others > 0 ? ` (and ${others} more)` : '';
    return new Failure(`${first?.message ?? 'the answer has no data'}${more}`, first?.extensions?.code, errors);
  }

  /** Whether signing in, or doing it anew, may help: a field that is refused to nobody in particular. */
  get needsSignIn(): boolean {
    return this.code === 'UNAUTHENTICATED' || (this.code === 'UNAUTHORIZED_FIELD_OR_TYPE' && session.get() === null);
  }
}
