import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { Copyable } from '../../design/copy';
import { formatDateTime, formatEnum } from '../../design/format';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { Loading } from '../../design/states';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { Events } from './events';
import { APP_TONES } from './names';
import { AppsOneDocument, type AppsOneQuery } from './operations.generated';
import { SourceCard } from './source-card';
import { SourceDialog } from './source-dialog';

type OneApp = NonNullable<AppsOneQuery['app']>;

export function AppDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(AppsOneDocument, { id });
  if (failure !== undefined) return <FailureState what="apps" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the app" />;
  if (data.app === null) {
    return (
      <AbsentState what="apps" one="app" errors={errors} retry={refetch}>
        <Link to="/console/apps">All apps</Link>
      </AbsentState>
    );
  }
  return (
    <>
      <Shown app={data.app} refetch={refetch} />
      <PartialNotice errors={errors} />
      <Card title="Events">
        <Events appId={id} />
      </Card>
    </>
  );
}

function Shown({ app, refetch }: { app: OneApp; refetch: () => void }) {
  const [adding, setAdding] = useState(false);
  const mayWrite = useMay('apps:write');
  return (
    <>
      <PageHead title={<span className="apps-name">{app.name}</span>} about={<Link to="/console/apps">All apps</Link>}>
        {mayWrite ? (
          <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
            New source
          </Button>
        ) : null}
      </PageHead>
      {adding ? <SourceDialog appId={app.id} onClose={() => setAdding(false)} onCreated={refetch} /> : null}
      <div className="cards">
        <Card title="Facts">
          <dl className="facts">
            <dt>Status</dt>
            <dd>
              <Badge tone={APP_TONES[app.status]}>{formatEnum(app.status)}</Badge>
            </dd>
            <dt>Short name</dt>
            <dd>
              <code>{app.slug}</code>
            </dd>
            <dt>Made</dt>
            <dd>
              {formatDateTime(app.createdAt)} by {app.owner?.displayName ?? 'a program'}
            </dd>
            <dt>Version</dt>
            <dd>{app.version}</dd>
            <dt>Id</dt>
            <dd>
              <Copyable text={app.id} what="the id" />
            </dd>
          </dl>
        </Card>
        {app.sources.map((source) => (
          <SourceCard key={source.id} source={source} />
        ))}
        {app.sources.length === 0 ? (
          <Card title="Sources">
            <p className="muted">It has no source yet, so nothing reaches it.</p>
          </Card>
        ) : null}
      </div>
    </>
  );
}
