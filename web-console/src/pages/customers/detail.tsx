import { useState } from 'react';
import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Button } from '../../design/button';
import { Copyable } from '../../design/copy';
import { formatDateTime, formatEnum } from '../../design/format';
import { Json } from '../../design/json';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { Table } from '../../design/table';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useMay } from '../../session/may';
import { Alike } from './alike';
import { BillingCard } from './billing-card';
import { EditDialog } from './edit-dialog';
import { IdentifyDialog } from './identify-dialog';
import { IDENTITY_KINDS, nameOf } from './kinds';
import { CustomersChangedDocument, CustomersOneDocument, type CustomersOneQuery } from './operations.generated';
import { Timeline } from './timeline';

export type OneCustomer = NonNullable<CustomersOneQuery['customer']>;

export function CustomerDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(CustomersOneDocument, { id });
  useRefetchOn(CustomersChangedDocument, { id }, refetch, data !== undefined);
  if (failure !== undefined) return <FailureState what="customers" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the customer" />;
  const { customer } = data;
  if (customer === null) {
    return (
      <AbsentState what="customers" one="customer" errors={errors} retry={refetch}>
        <Link to="/console/customers">All customers</Link>
      </AbsentState>
    );
  }
  return (
    <>
      <Head customer={customer} refetch={refetch} />
      {customer.id === id ? null : (
        <p className="notice">
          The customer {id} turned out to be this one, and was merged into it.
        </p>
      )}
      <PartialNotice errors={errors} />
      <Alike customer={customer} />
      <div className="cards">
        <Profile customer={customer} />
        <BillingCard customer={customer} errors={errors} refetch={refetch} />
      </div>
      <Identities customer={customer} refetch={refetch} />
      <Timeline customer={customer} />
    </>
  );
}

function Head({ customer, refetch }: { customer: OneCustomer; refetch: () => void }) {
  const [editing, setEditing] = useState(false);
  const mayWrite = useMay('customers:write');
  return (
    <>
      <PageHead
        title={<span className="customers-name">{nameOf(customer)}</span>}
        about={<Link to="/console/customers">All customers</Link>}
      >
        {mayWrite ? <Button onClick={() => setEditing(true)}>Edit</Button> : null}
      </PageHead>
      {editing ? <EditDialog customer={customer} onClose={() => setEditing(false)} onChanged={refetch} /> : null}
    </>
  );
}

function Profile({ customer }: { customer: OneCustomer }) {
  return (
    <Card title="Profile">
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <Badge tone={customer.status === 'ACTIVE' ? 'good' : 'warning'}>{formatEnum(customer.status)}</Badge>
        </dd>
        <dt>Email</dt>
        <dd>{customer.email ?? '–'}</dd>
        <dt>Phone</dt>
        <dd>{customer.phone ?? '–'}</dd>
        <dt>Tags</dt>
        <dd className="customers-tags">
          {customer.tags.length === 0 ? '–' : customer.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}
        </dd>
        <dt>First seen</dt>
        <dd>{formatDateTime(customer.firstSeenAt)}</dd>
        <dt>Last seen</dt>
        <dd>{formatDateTime(customer.lastSeenAt)}</dd>
        <dt>Version</dt>
        <dd>{customer.version}</dd>
        <dt>Id</dt>
        <dd>
          <Copyable text={customer.id} what="the id" />
        </dd>
      </dl>
      <h3>Attributes</h3>
      <Json value={customer.attributes} label="Attributes" />
    </Card>
  );
}

function Identities({ customer, refetch }: { customer: OneCustomer; refetch: () => void }) {
  const [adding, setAdding] = useState(false);
  const mayWrite = useMay('customers:write');
  const [first] = customer.identities;
  return (
    <Card
      title="Identities"
      actions={
        mayWrite && first !== undefined ? (
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add an identity
          </Button>
        ) : undefined
      }
    >
      {adding && first !== undefined ? (
        <IdentifyDialog of={first} onClose={() => setAdding(false)} onChanged={refetch} />
      ) : null}
      <Table
        caption="Identities"
        columns={[
          { title: 'Known from', cell: ({ kind }) => IDENTITY_KINDS[kind] },
          { title: 'Value', cell: ({ value }) => <code>{value}</code> },
          { title: 'Scope', cell: ({ scope }) => <code>{scope}</code>, minor: true },
          {
            title: 'Vouched for',
            cell: ({ verified }) => <Badge tone={verified ? 'good' : 'neutral'}>{verified ? 'Yes' : 'No'}</Badge>,
            minor: true,
          },
          { title: 'Strength', cell: ({ strength }) => formatEnum(strength), minor: true },
          { title: 'Told by', cell: ({ source }) => source, minor: true },
          { title: 'Since', cell: ({ addedAt }) => formatDateTime(addedAt), minor: true },
        ]}
        rows={customer.identities}
        rowKey={({ kind, scope, value }) => `${kind} ${scope} ${value}`}
        empty={<EmptyState title="No identities" />}
      />
    </Card>
  );
}
