import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { formatEnum, formatMoney } from '../../design/format';
import { Pager } from '../../design/pager';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { Failure } from '../../graphql/failure';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { BillingHead } from './head';
import { customerName, formatPeriod, formatQuantity } from './names';
import { BillingSubscriptionsDocument, type BillingSubscriptionRowFragment } from './operations.generated';

type Row = BillingSubscriptionRowFragment & { readonly of?: { readonly name: string; readonly accountId: string } };

export const SUBSCRIPTION_COLUMNS: readonly Column<BillingSubscriptionRowFragment>[] = [
  {
    title: 'Plan',
    cell: ({ id, plan, quantity }) => (
      <>
        <Link to={`/console/billing/subscriptions/${id}`}>{plan.name}</Link>
        {quantity === '1' ? null : ` × ${formatQuantity(quantity)}`}
      </>
    ),
  },
  {
    title: 'Status',
    cell: ({ status }) => <Badge tone="good">{formatEnum(status)}</Badge>,
    minor: true,
  },
  {
    title: 'Period',
    cell: ({ currentPeriodStart, currentPeriodEnd }) => formatPeriod(currentPeriodStart, currentPeriodEnd),
    minor: true,
  },
  {
    title: 'Usage so far',
    cell: ({ currentUsage }) =>
      currentUsage.length === 0
        ? '–'
        : currentUsage
            .map(({ meter, value, amount }) => `${meter.code} ${formatQuantity(value)} (${formatMoney(amount)})`)
            .join(' · '),
    minor: true,
  },
];

const COLUMNS: readonly Column<Row>[] = [
  {
    title: 'Customer',
    cell: ({ of }) => (of === undefined ? '–' : <Link to={`/console/billing/accounts/${of.accountId}`}>{of.name}</Link>),
  },
  ...SUBSCRIPTION_COLUMNS,
];

export function SubscriptionsTab() {
  const pages = usePages('subscriptions');
  const { data, errors, failure, refetch } = useQuery(BillingSubscriptionsDocument, { first: 50, after: pages.after });
  const rows: readonly Row[] =
    data?.customers.edges.flatMap(({ node: customer }) => {
      const { billingAccount: account } = customer;
      if (account === null) return [];
      return account.subscriptions.map((row) => ({ ...row, of: { name: customerName(customer), accountId: account.id } }));
    }) ?? [];
  // Customers without their accounts would look like customers who have none.
  const missing = failure ?? (rows.length === 0 && errors.length > 0 ? Failure.of(errors) : undefined);
  return (
    <>
      <BillingHead />
      {missing !== undefined ? (
        <FailureState what="subscriptions" error={missing} retry={refetch} />
      ) : data === undefined ? (
        <Loading what="subscriptions" />
      ) : (
        <>
          <PartialNotice errors={errors} />
          <Table
            caption="Subscriptions of customers, newest customers first"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No subscriptions here">None of these customers has one.</EmptyState>}
          />
          <Pager pages={pages} pageInfo={data.customers.pageInfo} />
        </>
      )}
    </>
  );
}
