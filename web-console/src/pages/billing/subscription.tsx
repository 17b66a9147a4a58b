import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { formatDateTime, formatEnum, formatMoney } from '../../design/format';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { Loading } from '../../design/states';
import { Table } from '../../design/table';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { customerName, formatPeriod, formatQuantity } from './names';
import { BillingSubscriptionDocument, type BillingSubscriptionQuery } from './operations.generated';
import { UsageCard } from './usage-card';
import { UsageDialog } from './usage-dialog';

type OneSubscription = NonNullable<BillingSubscriptionQuery['subscription']>;

export function SubscriptionDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(BillingSubscriptionDocument, { id });
  const [recorded, setRecorded] = useState(0);
  if (failure !== undefined) return <FailureState what="subscriptions" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the subscription" />;
  const { subscription } = data;
  if (subscription === null) {
    return (
      <AbsentState what="subscriptions" one="subscription" errors={errors} retry={refetch}>
        <Link to="/console/billing/subscriptions">All subscriptions</Link>
      </AbsentState>
    );
  }
  const changed = () => {
    refetch();
    setRecorded((before) => before + 1);
  };
  return (
    <>
      <Head subscription={subscription} onRecorded={changed} />
      <PartialNotice errors={errors} />
      <div className="cards">
        <Facts subscription={subscription} />
        <CurrentUsage subscription={subscription} />
      </div>
      <UsageCard key={recorded} accountId={subscription.account.id} subscriptionId={id} />
    </>
  );
}

function Head({ subscription, onRecorded }: { subscription: OneSubscription; onRecorded: () => void }) {
  const [recording, setRecording] = useState(false);
  const mayMeter = useMay('billing:meter');
  const { plan, account, currentUsage } = subscription;
  return (
    <>
      <PageHead
        title={`${plan.name} of ${customerName(account.customer)}`}
        about={<Link to="/console/billing/subscriptions">All subscriptions</Link>}
      >
        {mayMeter && currentUsage.length > 0 ? (
          <Button look="primary" icon="plus" onClick={() => setRecording(true)}>
            Record usage
          </Button>
        ) : null}
      </PageHead>
      {recording ? (
        <UsageDialog
          accountId={account.id}
          meters={currentUsage.map(({ meter }) => meter.code)}
          onClose={() => setRecording(false)}
          onRecorded={onRecorded}
        />
      ) : null}
    </>
  );
}

function Facts({ subscription }: { subscription: OneSubscription }) {
  const { account, plan } = subscription;
  return (
    <Card title="Facts">
      <dl className="facts">
        <dt>Customer</dt>
        <dd>
          {account.customer === null ? (
            customerName(null)
          ) : (
            <Link to={`/console/customers/${account.customer.id}`}>{customerName(account.customer)}</Link>
          )}{' '}
          (<Link to={`/console/billing/accounts/${account.id}`}>account</Link>)
        </dd>
        <dt>Plan</dt>
        <dd>
          {plan.name}, version {plan.version}
        </dd>
        <dt>Status</dt>
        <dd>
          <Badge tone="good">{formatEnum(subscription.status)}</Badge>
        </dd>
        <dt>Quantity</dt>
        <dd>{formatQuantity(subscription.quantity)}</dd>
        <dt>Period</dt>
        <dd>{formatPeriod(subscription.currentPeriodStart, subscription.currentPeriodEnd)}</dd>
        <dt>Counted from</dt>
        <dd>{formatDateTime(subscription.anchor)}</dd>
      </dl>
    </Card>
  );
}

function CurrentUsage({ subscription }: { subscription: OneSubscription }) {
  return (
    <Card title="Not yet on a final invoice">
      <Table
        caption="Usage that is not on a final invoice"
        columns={[
          { title: 'Meter', cell: ({ meter }) => meter.code },
          { title: 'Used', cell: ({ value }) => formatQuantity(value), align: 'end' },
          { title: 'Costs so far', cell: ({ amount }) => formatMoney(amount), align: 'end' },
        ]}
        rows={subscription.currentUsage}
        rowKey={({ meter }) => meter.id}
        empty={<p className="muted">This plan charges no usage.</p>}
      />
    </Card>
  );
}
