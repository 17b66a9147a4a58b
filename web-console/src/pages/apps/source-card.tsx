import { Badge } from '../../design/badge';
import { Copyable } from '../../design/copy';
import { formatDateTime } from '../../design/format';
import { Card } from '../../design/page';
import { SIGNATURES, SOURCE_KINDS } from './names';
import type { AppsOneQuery } from './operations.generated';

type Source = NonNullable<AppsOneQuery['app']>['sources'][number];

/** What one enters at the platform. */
export function SourceCard({ source }: { source: Source }) {
  return (
    <Card
      title={SOURCE_KINDS[source.kind]}
      actions={
        source.kind === 'HMAC_GENERIC' ? undefined : (
          <Badge tone={source.verified ? 'good' : 'warning'}>{source.verified ? 'Verified' : 'Not verified yet'}</Badge>
        )
      }
    >
      <dl className="facts">
        <dt>URL</dt>
        <dd>
          <Copyable text={source.url} what="the URL" />
        </dd>
        <dt>Signature</dt>
        <dd>
          <code>{SIGNATURES[source.signature]}</code>
        </dd>
        <dt>Secret</dt>
        <dd>
          <code>{source.secretHint}</code>
        </dd>
        <dt>Last event</dt>
        <dd>{source.lastEventAt === null ? 'None yet' : formatDateTime(source.lastEventAt)}</dd>
      </dl>
    </Card>
  );
}
