import type { ReactNode } from 'react';

import { PageHead } from '../../design/page';
import { Tabs } from '../../design/tabs';

const TABS = [
  { to: '/console/billing', title: 'Invoices' },
  { to: '/console/billing/subscriptions', title: 'Subscriptions' },
  { to: '/console/billing/plans', title: 'Plans' },
  { to: '/console/billing/meters', title: 'Meters' },
] as const;

export function BillingHead({ children }: { children?: ReactNode }) {
  return (
    <>
      <PageHead title="Billing" about="What is offered, what was used, and what it costs.">
        {children}
      </PageHead>
      <Tabs label="Parts of billing" tabs={TABS} />
    </>
  );
}
