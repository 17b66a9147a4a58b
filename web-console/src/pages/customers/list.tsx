import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { formatDateTime, formatEnum } from '../../design/format';
import { PageHead } from '../../design/page';
import { Pager } from '../../design/pager';
import { FilterSearch, FilterSelect, memberOf, optionsOf, useQueryFilter } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useMay } from '../../session/may';
import { IdentifyDialog } from './identify-dialog';
import { IDENTITY_KINDS, nameOf } from './kinds';
import { CustomersChangedDocument, CustomersListDocument, type CustomersListQuery } from './operations.generated';

type Row = CustomersListQuery['customers']['edges'][number]['node'];

const COLUMNS: readonly Column<Row>[] = [
  {
    title: 'Name',
    cell: (row) => (
      <Link className="long" title={nameOf(row)} to={`/console/customers/${row.id}`}>
        {nameOf(row)}
      </Link>
    ),
  },
  {
    title: 'Email',
    cell: ({ email }) => (
      <span className="long" title={email ?? undefined}>
        {email ?? '–'}
      </span>
    ),
    minor: true,
  },
  { title: 'Phone', cell: ({ phone }) => phone ?? '–', minor: true },
  {
    title: 'Known from',
    cell: ({ identities }) => [...new Set(identities.map(({ kind }) => IDENTITY_KINDS[kind]))].join(', '),
    minor: true,
  },
  {
    title: 'Tags',
    cell: ({ tags }) => (tags.length === 0 ? '–' : tags.map((tag) => <Badge key={tag}>{tag}</Badge>)),
    minor: true,
  },
  {
    title: 'Status',
    cell: ({ status }) => <Badge tone={status === 'ACTIVE' ? 'good' : 'neutral'}>{formatEnum(status)}</Badge>,
  },
  { title: 'Last seen', cell: ({ lastSeenAt }) => formatDateTime(lastSeenAt), minor: true },
];

export function CustomerList() {
  const [creating, setCreating] = useState(false);
  const [search] = useQueryFilter('search');
  const [kind] = useQueryFilter('known-from');
  const mayWrite = useMay('customers:write');
  const filter = { search, identityKind: memberOf(IDENTITY_KINDS, kind) };
  const pages = usePages(JSON.stringify(filter));
  const { data, errors, failure, refetch } = useQuery(CustomersListDocument, { first: 25, after: pages.after, filter });
  useRefetchOn(CustomersChangedDocument, { id: null }, refetch, data !== undefined);
  return (
    <>
      <PageHead title="Customers" about="Everybody who wrote, and whom your own systems have told of.">
        {mayWrite ? (
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            New customer
          </Button>
        ) : null}
      </PageHead>
      {creating ? <IdentifyDialog onClose={() => setCreating(false)} /> : null}
      <div className="filters" role="search" aria-label="Filter customers">
        <FilterSearch label="Name, address or number" name="search" />
        <FilterSelect label="Known from" name="known-from" options={optionsOf(IDENTITY_KINDS)} />
      </div>
      {failure !== undefined ? (
        <FailureState what="customers" error={failure} retry={refetch} />
      ) : data === undefined ? (
        <Loading what="customers" />
      ) : (
        <>
          <PartialNotice errors={errors} />
          <Table
            caption="Customers, newest first"
            columns={COLUMNS}
            rows={data.customers.edges.map(({ node }) => node)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No customers here">
                {search === null && kind === null ? 'Nobody has written yet.' : 'No customer matches these filters.'}
              </EmptyState>
            }
          />
          <Pager pages={pages} pageInfo={data.customers.pageInfo} />
        </>
      )}
    </>
  );
}
