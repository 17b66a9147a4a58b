import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Form } from '../../design/dialog';
import { formatDateTime, formatEnum, formatMoney } from '../../design/format';
import { TextInput } from '../../design/inputs';
import { Card } from '../../design/page';
import { toast } from '../../design/toasts';
import type { AnswerError } from '../../graphql/failure';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { useMay } from '../../session/may';
import type { OneCustomer } from './detail';
import { CustomersOpenAccountDocument } from './operations.generated';

interface Props {
  readonly customer: OneCustomer;
  readonly errors: readonly AnswerError[];
  readonly refetch: () => void;
}

/** What billing knows of the customer. */
export function BillingCard({ customer, errors, refetch }: Props) {
  const mayWrite = useMay('billing:write');
  const { billingAccount: account, invoices } = customer;
  if (account === null) {
    // An account that could not be asked for is not one that is missing.
    if (errors.some(({ path }) => path?.[1] === 'billingAccount')) return null;
    return (
      <Card title="Billing">
        <p className="muted">This customer has no account yet.</p>
        {mayWrite ? <OpenAccount customerId={customer.id} onOpened={refetch} /> : null}
      </Card>
    );
  }
  return (
    <Card title="Billing" actions={<Link to={`/console/billing/accounts/${account.id}`}>Account</Link>}>
      <dl className="facts">
        <dt>Balance</dt>
        <dd>{formatMoney(account.balance)}</dd>
        <dt>Currency</dt>
        <dd>{account.currency}</dd>
      </dl>
      <h3>Subscriptions</h3>
      {account.subscriptions.length === 0 ? <p className="muted">None.</p> : null}
      <ul className="customers-list">
        {account.subscriptions.map((subscription) => (
          <li key={subscription.id}>
            <div>
              <Link to={`/console/billing/subscriptions/${subscription.id}`}>{subscription.plan.name}</Link> ×{' '}
              {subscription.quantity} <Badge tone="good">{formatEnum(subscription.status)}</Badge>
            </div>
            <div className="muted">
              {subscription.currentUsage
                .map(({ meter, value, amount }) => `${meter.code} ${value} (${formatMoney(amount)})`)
                .join(' · ')}
            </div>
          </li>
        ))}
      </ul>
      <h3>Invoices</h3>
      {invoices === null || invoices.edges.length === 0 ? <p className="muted">None.</p> : null}
      <ul className="customers-list">
        {invoices?.edges.map(({ node: invoice }) => (
          <li key={invoice.id} className="customers-invoice">
            <Link to={`/console/billing/invoices/${invoice.id}`}>{invoice.number ?? 'Draft'}</Link>
            <span className="muted">
              {invoice.finalizedAt === null ? 'Follows the usage' : formatDateTime(invoice.finalizedAt)}
            </span>
            <span className="customers-amount">{formatMoney(invoice.total)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function OpenAccount({ customerId, onOpened }: { customerId: string; onOpened: () => void }) {
  const [currency, setCurrency] = useState('EUR');
  const [problems, setProblems] = useState<Problems<'currency'>>({});
  const { send, running } = useMutation(CustomersOpenAccountDocument);
  const open = async () => {
    const answer = await send({ input: { customerId, currency: currency.trim().toUpperCase() } });
    if (answer === undefined) return;
    const { errors } = answer.data.openBillingAccount;
    setProblems(problemsOf(errors, ['currency']));
    if (errors.length > 0) return;
    toast('Opened the account');
    onOpened();
  };
  return (
    <Form action="Open an account" busy={running} problem={problems.form} onSubmit={() => void open()}>
      <TextInput
        label="Currency"
        hint="By ISO 4217, such as EUR; of all its invoices."
        value={currency}
        onChange={setCurrency}
        problem={problems.currency}
      />
    </Form>
  );
}
