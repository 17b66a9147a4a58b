import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { formatDateTime, formatEnum } from '../../design/format';
import { PageHead } from '../../design/page';
import { Pager } from '../../design/pager';
import { FilterSearch, useQueryFilter } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { AppDialog } from './app-dialog';
import { APP_TONES } from './names';
import { AppsListDocument, type AppsListQuery } from './operations.generated';

type Row = AppsListQuery['apps']['edges'][number]['node'];

/** When any of its sources heard something last. */
function lastEvent({ sources }: Row): string {
  const latest = sources
    .flatMap(({ lastEventAt }) => (lastEventAt === null ? [] : [lastEventAt]))
    .sort((a, b) => Date.parse(b) - Date.parse(a))[0];
  return latest === undefined ? '–' : formatDateTime(latest);
}

const COLUMNS: readonly Column<Row>[] = [
  {
    title: 'Name',
    cell: ({ id, name }) => (
      <Link className="long" title={name} to={`/console/apps/${id}`}>
        {name}
      </Link>
    ),
  },
  { title: 'Short name', cell: ({ slug }) => <code>{slug}</code>, minor: true },
  { title: 'Status', cell: ({ status }) => <Badge tone={APP_TONES[status]}>{formatEnum(status)}</Badge> },
  { title: 'Sources', cell: ({ sources }) => sources.length, align: 'end', minor: true },
  { title: 'Last event', cell: lastEvent, minor: true },
  { title: 'Made by', cell: ({ owner }) => owner?.displayName ?? 'A program', minor: true },
  { title: 'Made', cell: ({ createdAt }) => formatDateTime(createdAt), minor: true },
];

export function AppList() {
  const [creating, setCreating] = useState(false);
  const [search] = useQueryFilter('search');
  const mayWrite = useMay('apps:write');
  const pages = usePages(search ?? '');
  const { data, errors, failure, refetch } = useQuery(AppsListDocument, { first: 25, after: pages.after, search });
  return (
    <>
      <PageHead title="Apps" about="What receives events of other platforms.">
        {mayWrite ? (
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            New app
          </Button>
        ) : null}
      </PageHead>
      {creating ? <AppDialog onClose={() => setCreating(false)} /> : null}
      <div className="filters" role="search" aria-label="Filter apps">
        <FilterSearch label="Name or short name" name="search" />
      </div>
      {failure !== undefined ? (
        <FailureState what="apps" error={failure} retry={refetch} />
      ) : data === undefined ? (
        <Loading what="apps" />
      ) : (
        <>
          <PartialNotice errors={errors} />
          <Table
            caption="Apps, newest first"
            columns={COLUMNS}
            rows={data.apps.edges.map(({ node }) => node)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No apps here">
                {search === null ? 'Make one to receive events.' : `No app is called “${search}”.`}
              </EmptyState>
            }
          />
          <Pager pages={pages} pageInfo={data.apps.pageInfo} />
        </>
      )}
    </>
  );
}
