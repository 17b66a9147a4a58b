import type { Refusal } from '../../console-api/gateway';
import { formatClock, formatDateTime, formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { EmptyState } from '../../design/states';

/** What was not even begun, and why. */
export function Refusals({ refusals }: { refusals: readonly Refusal[] }) {
  return (
    <Card title="Refused by the gateway">
      {refusals.length === 0 ? (
        <EmptyState title="Nothing was refused">Operations that are invalid, too large or not allowed are counted here.</EmptyState>
      ) : (
        <div className="refusals">
          {refusals.map(({ code, count, lastAt, examples }) => (
            <details key={code}>
              <summary>
                <code>{code}</code> <span>
                  {count === 1 ? 'once,' : `${formatNumber(count)} times, last`} {formatDateTime(lastAt)}
                </span>
              </summary>
              <ul>
                {examples.map(({ at, message, requestId }) => (
                  <li key={`${at} ${requestId ?? message}`}>
                    <time dateTime={at}>{formatClock(at)}</time> {message}{' '}
                    {requestId === null ? null : <code className="muted">{requestId}</code>}
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </div>
      )}
    </Card>
  );
}
