import { useState } from 'react';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { formatMoney } from '../../design/format';
import { Card } from '../../design/page';
import { Pager } from '../../design/pager';
import { FilterSelect, useQueryFilter } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { BillingHead } from './head';
import { AGGREGATIONS, formatQuantity, INTERVALS, MODELS } from './names';
import { type BillingPlanCardFragment, BillingPlansDocument } from './operations.generated';
import { PlanDialog } from './plan-dialog';

export function PlansTab() {
  const [offering, setOffering] = useState(false);
  const [shown] = useQueryFilter('offer');
  const mayOffer = useMay('billing:admin');
  const active = shown !== 'past';
  const pages = usePages(String(active));
  const { data, errors, failure, refetch } = useQuery(BillingPlansDocument, { first: 12, after: pages.after, active });
  return (
    <>
      <BillingHead>
        {mayOffer ? (
          <Button look="primary" icon="plus" onClick={() => setOffering(true)}>
            Offer a plan
          </Button>
        ) : null}
      </BillingHead>
      {offering ? <PlanDialog onClose={() => setOffering(false)} onOffered={refetch} /> : null}
      {failure !== undefined ? (
        <FailureState what="plans" error={failure} retry={refetch} />
      ) : data === undefined ? (
        <Loading what="plans" />
      ) : (
        <>
          <div className="filters" role="search" aria-label="Filter plans">
            <FilterSelect label="Plans" name="offer" options={[['past', 'Earlier versions']]} all="On offer" />
          </div>
          <PartialNotice errors={errors} />
          {data.plans.edges.length === 0 ? (
            <EmptyState title="No plans here">
              {active ? 'Nothing is on offer yet.' : 'No plan has an earlier version.'}
            </EmptyState>
          ) : (
            <div className="cards">
              {data.plans.edges.map(({ node }) => (
                <PlanCard key={node.id} plan={node} />
              ))}
            </div>
          )}
          <Pager pages={pages} pageInfo={data.plans.pageInfo} />
        </>
      )}
    </>
  );
}

function PlanCard({ plan }: { plan: BillingPlanCardFragment }) {
  return (
    <Card
      title={<span className="billing-name">{plan.name}</span>}
      actions={
        <>
          <code>{plan.code}</code>
          <Badge tone={plan.active ? 'good' : 'neutral'}>Version {plan.version}</Badge>
        </>
      }
    >
      <p>
        <strong className="billing-price">{formatMoney(plan.base)}</strong> per {INTERVALS[plan.interval]}
      </p>
      {plan.charges.map((charge) => (
        <Charge key={charge.id} charge={charge} currency={plan.currency} />
      ))}
      {plan.charges.length === 0 ? <p className="muted">Usage costs nothing.</p> : null}
    </Card>
  );
}

type ChargeOfPlan = BillingPlanCardFragment['charges'][number];

function Charge({ charge, currency }: { charge: ChargeOfPlan; currency: string }) {
  const { meter, model, tiers, freeUnits, minimum } = charge;
  const steps = tiers.map((tier, index) => ({ ...tier, from: tiers[index - 1]?.upTo ?? '0' }));
  return (
    <div className="billing-charge">
      <h3>{meter.code}</h3>
      <p className="muted">
        {AGGREGATIONS[meter.aggregation]}. {MODELS[model]}.
        {freeUnits === null ? null : ` ${formatQuantity(freeUnits)} are free.`}
        {minimum === null ? null : ` At least ${formatMoney(minimum)}.`}
      </p>
      <Table
        caption={`Prices of ${meter.code}`}
        columns={[
          { title: 'Units', cell: ({ from, upTo }) => unitsOf(model, from, upTo) },
          { title: `Each, ${currency}`, cell: ({ unitAmount }) => formatQuantity(unitAmount), align: 'end' },
          { title: `Once, ${currency}`, cell: ({ flatAmount }) => formatQuantity(flatAmount), align: 'end' },
        ]}
        rows={steps}
        rowKey={({ upTo }) => upTo ?? 'end'}
        empty={null}
      />
    </div>
  );
}

/** Which units a tier prices, in words. */
function unitsOf(model: ChargeOfPlan['model'], from: string, upTo: string | null): string {
  if (upTo === null) return from === '0' ? 'All' : `Above ${formatQuantity(from)}`;
  if (model === 'PACKAGE') return `Each ${formatQuantity(upTo)}`;
  return from === '0' ? `Up to ${formatQuantity(upTo)}` : `Above ${formatQuantity(from)} up to ${formatQuantity(upTo)}`;
}
