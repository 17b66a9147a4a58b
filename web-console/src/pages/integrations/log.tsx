import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { formatDateTime } from '../../design/format';
import { Pager } from '../../design/pager';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { IntegrationsHead } from './head';
import { OUTCOMES } from './names';
import {
  IntegrationsAccessedDocument,
  IntegrationsLogDocument,
  type IntegrationsLogQuery,
  IntegrationsOwnersDocument,
} from './operations.generated';

type Access = IntegrationsLogQuery['secretAccessLog']['edges'][number]['node'];

export function LogTab() {
  return (
    <>
      <IntegrationsHead />
      <AccessLog />
    </>
  );
}

/** Who was shown which credential: of all connections, or of one. */
export function AccessLog({ connectionId = null }: { connectionId?: string | null }) {
  const pages = usePages(connectionId ?? 'all');
  const { data, errors, failure, refetch } = useQuery(IntegrationsLogDocument, {
    first: 25,
    after: pages.after,
    connectionId,
  });
  const { data: people } = useQuery(IntegrationsOwnersDocument);
  useRefetchOn(IntegrationsAccessedDocument, {}, refetch, data !== undefined);
  if (failure !== undefined) return <FailureState what="the access log" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the access log" />;
  const names = new Map(people?.users?.edges.map(({ node }) => [node.id, node.displayName]));
  return (
    <>
      <PartialNotice errors={errors} />
      <Table
        caption="Accesses to credentials, newest first"
        columns={columnsFor(names, connectionId === null)}
        rows={data.secretAccessLog.edges.map(({ node }) => node)}
        rowKey={({ id }) => id}
        empty={<EmptyState title="Nobody has asked to see a credential">Every such wish is recorded here.</EmptyState>}
      />
      <Pager pages={pages} pageInfo={data.secretAccessLog.pageInfo} />
    </>
  );
}

/** Somebody who is not among the tenant's users. */
function Program({ id }: { id: string }) {
  return (
    <code className="integrations-actor" title={id}>
      {id}
    </code>
  );
}

function columnsFor(names: ReadonlyMap<string, string>, ofAll: boolean): readonly Column<Access>[] {
  const connection: Column<Access> = {
    title: 'Connection',
    cell: ({ connection: { id, name } }) => <Link to={`/console/integrations/${id}`}>{name}</Link>,
  };
  const request: Column<Access> = {
    title: 'Request',
    cell: ({ requestId }) => (requestId === null ? '–' : <code>{requestId}</code>),
    minor: true,
  };
  return [
    { title: 'When', cell: ({ at }) => <span className="integrations-when">{formatDateTime(at)}</span> },
    ...(ofAll ? [connection] : []),
    { title: 'Who', cell: ({ actorId }) => names.get(actorId) ?? <Program id={actorId} /> },
    { title: 'Why', cell: ({ purpose }) => purpose },
    { title: 'Parts', cell: ({ fields }) => fields.join(', '), minor: true },
    {
      title: 'Outcome',
      cell: ({ outcome }) => {
        const [tone, text] = OUTCOMES[outcome];
        return <Badge tone={tone}>{text}</Badge>;
      },
    },
    ...(ofAll ? [] : [request]),
  ];
}
