import { useState } from 'react';

import { SelectInput } from '../../design/inputs';
import { Card } from '../../design/page';
import { FailureState, PartialNotice } from '../../design/refusals';
import { Loading } from '../../design/states';
import { Table } from '../../design/table';
import { formatNumber } from '../../design/format';
import { useQuery } from '../../graphql/use-query';
import { formatPeriod } from './names';
import { BillingUsageDocument } from './operations.generated';
import { chargedUsage } from './usage';
import { UsageChart } from './usage-chart';

/** As many invoices as are asked for: at least two years of months, for a few subscriptions. */
const INVOICES_MAX = 100;

/** What each period charged, as bars and as a table. */
export function UsageCard({ accountId, subscriptionId }: { accountId: string; subscriptionId: string }) {
  const { data, errors, failure, refetch } = useQuery(BillingUsageDocument, { first: INVOICES_MAX, accountId });
  const [chosen, setChosen] = useState<string | null>(null);
  if (failure !== undefined) return <FailureState what="usage" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the usage" />;
  const meters = chargedUsage(data.invoices.edges.map(({ node }) => node), subscriptionId);
  const meter = meters.find(({ code }) => code === chosen) ?? meters[0];
  return (
    <Card title="Charged usage by period">
      <PartialNotice errors={errors} />
      {meter === undefined ? (
        <p className="muted">No invoice of this subscription charges usage yet.</p>
      ) : (
        <>
          <div className="filters">
            <SelectInput
              label="Meter"
              value={meter.code}
              onChange={setChosen}
              options={meters.map(({ code }) => [code, code] as const)}
            />
          </div>
          <UsageChart meter={meter} />
          <Table
            caption={`Charged usage of ${meter.code} by period`}
            columns={[
              { title: 'Period', cell: ({ start, end }) => formatPeriod(start, end) },
              { title: meter.code, cell: ({ quantity }) => formatNumber(quantity), align: 'end' },
            ]}
            rows={[...meter.periods].reverse()}
            rowKey={({ start }) => start}
            empty={null}
          />
          <p className="muted">
            Without free units, as the lines of the invoices have it.
            {data.invoices.pageInfo.hasNextPage ? ` From the account’s latest ${INVOICES_MAX} invoices.` : null}
          </p>
        </>
      )}
    </Card>
  );
}
