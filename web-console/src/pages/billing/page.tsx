import './billing.css';

import { Route, Switch } from 'wouter';

import { AccountDetail } from './account';
import { InvoiceDetail } from './invoice';
import { InvoicesTab } from './invoices';
import { MetersTab } from './meters';
import { PlansTab } from './plans';
import { SubscriptionDetail } from './subscription';
import { SubscriptionsTab } from './subscriptions';

export default function BillingPage() {
  return (
    <Switch>
      <Route path="/console/billing/invoices/:id">{({ id }) => <InvoiceDetail key={id} id={id} />}</Route>
      <Route path="/console/billing/subscriptions/:id">{({ id }) => <SubscriptionDetail key={id} id={id} />}</Route>
      <Route path="/console/billing/accounts/:id">{({ id }) => <AccountDetail key={id} id={id} />}</Route>
      <Route path="/console/billing/subscriptions" component={SubscriptionsTab} />
      <Route path="/console/billing/plans" component={PlansTab} />
      <Route path="/console/billing/meters" component={MetersTab} />
      <Route component={InvoicesTab} />
    </Switch>
  );
}
