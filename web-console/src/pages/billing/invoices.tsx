import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { formatDateTime, formatMoney } from '../../design/format';
import { Pager } from '../../design/pager';
import { FilterSelect, memberOf, optionsOf, useQueryFilter } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { BillingHead } from './head';
import { customerName, INVOICE_STATUSES } from './names';
import { BillingFinalizedDocument, type BillingInvoiceRowFragment, BillingInvoicesDocument } from './operations.generated';

export function InvoiceStatusBadge({ status }: Pick<BillingInvoiceRowFragment, 'status'>) {
  return <Badge tone={status === 'FINALIZED' ? 'good' : 'info'}>{INVOICE_STATUSES[status]}</Badge>;
}

const COLUMNS: readonly Column<BillingInvoiceRowFragment>[] = [
  {
    title: 'Number',
    cell: ({ id, number }) => <Link to={`/console/billing/invoices/${id}`}>{number ?? 'Draft'}</Link>,
  },
  { title: 'Status', cell: InvoiceStatusBadge, minor: true },
  { title: 'Customer', cell: ({ account }) => customerName(account.customer) },
  { title: 'Plan', cell: ({ subscription }) => subscription?.plan.name ?? '–', minor: true },
  { title: 'Final since', cell: ({ finalizedAt }) => (finalizedAt === null ? '–' : formatDateTime(finalizedAt)), minor: true },
  { title: 'Total', cell: ({ total }) => formatMoney(total), align: 'end' },
  { title: 'Due', cell: ({ amountDue }) => formatMoney(amountDue), align: 'end', minor: true },
];

export function InvoicesTab() {
  return (
    <>
      <BillingHead />
      <div className="filters" role="search" aria-label="Filter invoices">
        <FilterSelect label="Status" name="status" options={optionsOf(INVOICE_STATUSES)} />
      </div>
      <Invoices />
    </>
  );
}

/** Invoices, newest first: the tenant's, or those of an account. */
export function Invoices({ accountId = null }: { accountId?: string | null }) {
  const [chosen] = useQueryFilter('status');
  const status = memberOf(INVOICE_STATUSES, chosen);
  const filter = { accountId, status: status === null ? null : [status] };
  const pages = usePages(JSON.stringify(filter));
  const { data, errors, failure, refetch } = useQuery(BillingInvoicesDocument, { first: 25, after: pages.after, filter });
  useRefetchOn(BillingFinalizedDocument, { accountId }, refetch, data !== undefined);
  if (failure !== undefined) return <FailureState what="invoices" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="invoices" />;
  return (
    <>
      <PartialNotice errors={errors} />
      <Table
        caption="Invoices, newest first"
        columns={COLUMNS}
        rows={data.invoices.edges.map(({ node }) => node)}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title="No invoices here">
            {status === null ? 'They come with the first subscription.' : 'No invoice has this status.'}
          </EmptyState>
        }
      />
      <Pager pages={pages} pageInfo={data.invoices.pageInfo} />
    </>
  );
}
