import { useState } from 'react';
import { Link } from 'wouter';

import { Button } from '../../design/button';
import { Dialog, Form } from '../../design/dialog';
import { formatDateTime, formatEnum, formatMoney } from '../../design/format';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { Table } from '../../design/table';
import { toast } from '../../design/toasts';
import { sentence } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { InvoiceStatusBadge } from './invoices';
import { customerName, formatPeriod, formatQuantity } from './names';
import { BillingFinalizeDocument, BillingInvoiceDocument, type BillingInvoiceQuery } from './operations.generated';

type OneInvoice = NonNullable<BillingInvoiceQuery['invoice']>;

export function InvoiceDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(BillingInvoiceDocument, { id });
  const [finalizing, setFinalizing] = useState(false);
  const mayFinalize = useMay('billing:finalize');
  if (failure !== undefined) return <FailureState what="invoices" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the invoice" />;
  const { invoice } = data;
  if (invoice === null) {
    return (
      <AbsentState what="invoices" one="invoice" errors={errors} retry={refetch}>
        <Link to="/console/billing">All invoices</Link>
      </AbsentState>
    );
  }
  return (
    <>
      <PageHead
        title={invoice.number === null ? 'Draft of an invoice' : `Invoice ${invoice.number}`}
        about={<Link to="/console/billing">All invoices</Link>}
      >
        {invoice.status === 'DRAFT' && mayFinalize ? (
          <Button look="primary" icon="check" onClick={() => setFinalizing(true)}>
            Finalize
          </Button>
        ) : null}
      </PageHead>
      {finalizing ? (
        <FinalizeDialog invoice={invoice} onClose={() => setFinalizing(false)} onChanged={refetch} />
      ) : null}
      <PartialNotice errors={errors} />
      <Facts invoice={invoice} />
      <Lines invoice={invoice} />
    </>
  );
}

function Facts({ invoice }: { invoice: OneInvoice }) {
  const { account, subscription } = invoice;
  return (
    <Card>
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <InvoiceStatusBadge status={invoice.status} />
        </dd>
        <dt>Customer</dt>
        <dd>
          {account.customer === null ? (
            customerName(null)
          ) : (
            <Link to={`/console/customers/${account.customer.id}`}>{customerName(account.customer)}</Link>
          )}{' '}
          (<Link to={`/console/billing/accounts/${account.id}`}>account</Link>)
        </dd>
        <dt>Subscription</dt>
        <dd>
          {subscription === null ? (
            '–'
          ) : (
            <Link to={`/console/billing/subscriptions/${subscription.id}`}>{subscription.plan.name}</Link>
          )}
        </dd>
        <dt>Issued</dt>
        <dd>{invoice.issuedAt === null ? 'Not yet: it follows the usage' : formatDateTime(invoice.issuedAt)}</dd>
        <dt>Due</dt>
        <dd>{formatMoney(invoice.amountDue)}</dd>
      </dl>
    </Card>
  );
}

function Lines({ invoice }: { invoice: OneInvoice }) {
  const { subtotal, total } = invoice;
  return (
    <Card title="Lines">
      <Table
        caption="Lines of the invoice"
        columns={[
          { title: 'For', cell: ({ description }) => description },
          { title: 'Kind', cell: ({ kind }) => formatEnum(kind), minor: true },
          { title: 'Period', cell: ({ periodStart, periodEnd }) => formatPeriod(periodStart, periodEnd), minor: true },
          { title: 'Quantity', cell: ({ quantity }) => formatQuantity(quantity), align: 'end' },
          { title: 'Price', cell: ({ unitAmount }) => formatQuantity(unitAmount), align: 'end', minor: true },
          { title: 'Amount', cell: ({ amount }) => formatMoney(amount), align: 'end' },
        ]}
        rows={invoice.lines}
        rowKey={({ id }) => id}
        empty={<EmptyState title="No lines" />}
      />
      <dl className="billing-sums">
        <dt>Subtotal</dt>
        <dd>{formatMoney(subtotal)}</dd>
        <dt>Total</dt>
        <dd>
          <strong>{formatMoney(total)}</strong>
        </dd>
      </dl>
    </Card>
  );
}

interface FinalizeProps {
  readonly invoice: OneInvoice;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

function FinalizeDialog({ invoice, onClose, onChanged }: FinalizeProps) {
  const [problem, setProblem] = useState<string>();
  const { send, running } = useMutation(BillingFinalizeDocument);
  const finalize = async () => {
    const answer = await send({ id: invoice.id, expectedVersion: invoice.version });
    if (answer === undefined) return;
    const { invoice: final, errors } = answer.data.finalizeInvoice;
    if (final === null) {
      setProblem(errors.map(({ message }) => sentence(message)).join(' '));
      // Somebody else may have changed it: what is shown should be what is there.
      if (errors.some(({ __typename }) => __typename === 'ConflictError')) onChanged();
      return;
    }
    toast(`Invoice ${final.number ?? ''} is final`);
    onChanged();
    onClose();
  };
  return (
    <Dialog title="Finalize this invoice?" onClose={onClose}>
      <p>
        It gets the next number and never changes again: {formatMoney(invoice.total)} becomes due. The draft of the next
        period is opened; usage that arrives later is on that one.
      </p>
      <Form action="Finalize" busy={running} problem={problem} onSubmit={() => void finalize()} onCancel={onClose} />
    </Dialog>
  );
}
