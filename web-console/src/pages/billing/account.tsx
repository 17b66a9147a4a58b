import { useState } from 'react';
import { Link } from 'wouter';

import { Button } from '../../design/button';
import { Dialog, Form } from '../../design/dialog';
import { formatMoney } from '../../design/format';
import { SelectInput, TextInput } from '../../design/inputs';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { Loading } from '../../design/states';
import { Table } from '../../design/table';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { Invoices } from './invoices';
import { customerName } from './names';
import { BillingAccountDocument, BillingOffersDocument, BillingSubscribeDocument } from './operations.generated';
import { SUBSCRIPTION_COLUMNS } from './subscriptions';

export function AccountDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(BillingAccountDocument, { id });
  const [subscribing, setSubscribing] = useState(false);
  const mayWrite = useMay('billing:write');
  if (failure !== undefined) return <FailureState what="accounts" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the account" />;
  const account = data.billingAccount;
  if (account === null) {
    return (
      <AbsentState what="accounts" one="account" errors={errors} retry={refetch}>
        <Link to="/console/billing/subscriptions">All subscriptions</Link>
      </AbsentState>
    );
  }
  const { customer } = account;
  return (
    <>
      <PageHead
        title={`Account of ${customerName(customer)}`}
        about={customer === null ? undefined : <Link to={`/console/customers/${customer.id}`}>Customer</Link>}
      >
        {mayWrite ? (
          <Button look="primary" icon="plus" onClick={() => setSubscribing(true)}>
            Subscribe
          </Button>
        ) : null}
      </PageHead>
      {subscribing ? (
        <SubscribeDialog
          accountId={id}
          currency={account.currency}
          onClose={() => setSubscribing(false)}
          onSubscribed={refetch}
        />
      ) : null}
      <PartialNotice errors={errors} />
      <Card>
        <dl className="facts">
          <dt>Balance</dt>
          <dd>{formatMoney(account.balance)} due on final invoices</dd>
          <dt>Currency</dt>
          <dd>{account.currency}</dd>
        </dl>
      </Card>
      <Card title="Subscriptions">
        <Table
          caption="Subscriptions, oldest first"
          columns={SUBSCRIPTION_COLUMNS}
          rows={account.subscriptions}
          rowKey={(row) => row.id}
          empty={<p className="muted">This account has taken no plan yet.</p>}
        />
      </Card>
      <Card title="Invoices">
        <Invoices accountId={id} />
      </Card>
    </>
  );
}

const FIELDS = ['planCode', 'quantity'] as const;

interface SubscribeProps {
  readonly accountId: string;
  readonly currency: string;
  readonly onClose: () => void;
  readonly onSubscribed: () => void;
}

function SubscribeDialog({ accountId, currency, onClose, onSubscribed }: SubscribeProps) {
  // One dialog subscribes once, however often its button is pressed.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const { data, failure, refetch } = useQuery(BillingOffersDocument);
  const offers = data?.plans.edges.map(({ node }) => node).filter((plan) => plan.currency === currency) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [quantity, setQuantity] = useState('1');
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const { send, running } = useMutation(BillingSubscribeDocument);
  const planCode = chosen ?? offers[0]?.code;
  if (planCode === undefined) {
    return (
      <Dialog title="Subscribe" onClose={onClose}>
        {failure !== undefined ? (
          <FailureState what="plans" error={failure} retry={refetch} />
        ) : data === undefined ? (
          <Loading what="plans" />
        ) : (
          <p>No plan in {currency} is on offer.</p>
        )}
      </Dialog>
    );
  }
  const subscribe = async () => {
    const answer = await send({ input: { accountId, planCode, quantity: quantity.trim(), idempotencyKey } });
    if (answer === undefined) return;
    const { errors } = answer.data.createSubscription;
    setProblems(problemsOf(errors, FIELDS));
    if (errors.length > 0) return;
    toast('Subscribed the account');
    onSubscribed();
    onClose();
  };
  return (
    <Dialog title="Subscribe" onClose={onClose}>
      <Form action="Subscribe" busy={running} problem={problems.form} onSubmit={() => void subscribe()} onCancel={onClose}>
        <SelectInput
          label="Plan"
          value={planCode}
          onChange={setChosen}
          problem={problems.planCode}
          options={offers.map(({ code, name }) => [code, name] as const)}
        />
        <TextInput
          label="Quantity"
          hint="The plan’s base price is multiplied by it."
          value={quantity}
          onChange={setQuantity}
          problem={problems.quantity}
        />
      </Form>
    </Dialog>
  );
}
