import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { formatDateTime } from '../../design/format';
import { Pager } from '../../design/pager';
import { FilterSelect, memberOf, optionsOf, useQueryFilter } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useMay } from '../../session/may';
import { CredentialDialog } from './credential-dialog';
import { IntegrationsHead } from './head';
import { STATUSES } from './names';
import {
  IntegrationsChangedDocument,
  IntegrationsListDocument,
  IntegrationsOwnersDocument,
  IntegrationsProvidersDocument,
  type IntegrationsRowFragment,
} from './operations.generated';

export function StatusBadge({ status }: Pick<IntegrationsRowFragment, 'status'>) {
  return <Badge tone={status === 'ACTIVE' ? 'good' : 'neutral'}>{STATUSES[status]}</Badge>;
}

/** When the credential should be replaced, and whether that is over. */
export function RotateBy({ rotateBy, status }: Pick<IntegrationsRowFragment, 'rotateBy' | 'status'>) {
  if (rotateBy === null) return '–';
  const isOver = status === 'ACTIVE' && Date.parse(rotateBy) < Date.now();
  return isOver ? <Badge tone="warning">Since {formatDateTime(rotateBy)}</Badge> : formatDateTime(rotateBy);
}

const COLUMNS: readonly Column<IntegrationsRowFragment>[] = [
  {
    title: 'Name',
    cell: ({ id, name }) => (
      <Link className="long" title={name} to={`/console/integrations/${id}`}>
        {name}
      </Link>
    ),
  },
  { title: 'System', cell: ({ provider }) => provider.displayName, minor: true },
  { title: 'Status', cell: StatusBadge },
  {
    title: 'Credential',
    cell: ({ hint }) => (
      <code className="integrations-hint" title={hint}>
        {hint}
      </code>
    ),
    minor: true,
  },
  { title: 'Owner', cell: ({ owner }) => owner?.displayName ?? 'A program', minor: true },
  { title: 'To be replaced', cell: RotateBy, minor: true },
];

export function ConnectionList() {
  const [creating, setCreating] = useState(false);
  const [kind] = useQueryFilter('system');
  const [status] = useQueryFilter('status');
  const [ownerId] = useQueryFilter('owner');
  const mayWrite = useMay('integrations:write');
  const { data: known, refetch: refetchKnown } = useQuery(IntegrationsProvidersDocument);
  const { data: people } = useQuery(IntegrationsOwnersDocument);
  const providers = known?.providers ?? [];
  const provider = providers.find((one) => one.kind === kind)?.kind;
  const chosen = memberOf(STATUSES, status);
  const filter = {
    provider: provider === undefined ? null : [provider],
    status: chosen === null ? null : [chosen],
    ownerId,
  };
  const pages = usePages(JSON.stringify(filter));
  const { data, errors, failure, refetch } = useQuery(IntegrationsListDocument, { first: 25, after: pages.after, filter });
  useRefetchOn(IntegrationsChangedDocument, {}, refetch, data !== undefined);
  const retry = () => {
    refetch();
    refetchKnown();
  };
  const owners = people?.users?.edges.map(({ node }) => [node.id, node.displayName] as const) ?? [];
  const isFiltered = kind !== null || status !== null || ownerId !== null;
  return (
    <>
      <IntegrationsHead>
        {mayWrite && providers.length > 0 ? (
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            New connection
          </Button>
        ) : null}
      </IntegrationsHead>
      {creating ? (
        <CredentialDialog providers={providers} onClose={() => setCreating(false)} onStored={refetch} />
      ) : null}
      {failure !== undefined ? (
        <FailureState what="connections" error={failure} retry={retry} />
      ) : data === undefined ? (
        <Loading what="connections" />
      ) : (
        <>
          <div className="filters" role="search" aria-label="Filter connections">
            <FilterSelect
              label="System"
              name="system"
              options={providers.map((one) => [one.kind, one.displayName] as const)}
            />
            <FilterSelect label="Status" name="status" options={optionsOf(STATUSES)} />
            {owners.length === 0 ? null : <FilterSelect label="Owner" name="owner" options={owners} />}
          </div>
          <PartialNotice errors={errors} />
          <Table
            caption="Connections, newest first"
            columns={COLUMNS}
            rows={data.connections.edges.map(({ node }) => node)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No connections here">
                {isFiltered ? 'No connection matches these filters.' : 'Nothing has been connected yet.'}
              </EmptyState>
            }
          />
          <Pager pages={pages} pageInfo={data.connections.pageInfo} />
        </>
      )}
    </>
  );
}
