import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';

import { Button } from '../../design/button';
import { formatDateTime, formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { Loading } from '../../design/states';
import { toast } from '../../design/toasts';
import { execute } from '../../graphql/execute';
import { sentence } from '../../graphql/problems';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useMay } from '../../session/may';
import type { OneCustomer } from './detail';
import { IDENTITY_KINDS } from './kinds';
import { CustomersEventsDocument, type CustomersEventsQuery, CustomersReceivedDocument } from './operations.generated';

type EventPage = CustomersEventsQuery['webhookEvents'];
type Event = EventPage['edges'][number]['node'];

interface Moment {
  readonly key: string;
  readonly at: string;
  readonly what: ReactNode;
  readonly more?: string | undefined;
}

/** What happened with the customer, latest first, from all subgraphs that know of it. */
export function Timeline({ customer }: { customer: OneCustomer }) {
  const mayRead = useMay('webhooks:read');
  return mayRead ? <WithEvents customer={customer} /> : <Shown moments={momentsOf(customer, [])} />;
}

function WithEvents({ customer }: { customer: OneCustomer }) {
  const { data, failure, refetch } = useQuery(CustomersEventsDocument, { after: null });
  useRefetchOn(CustomersReceivedDocument, {}, refetch, data !== undefined);
  const [seen, setSeen] = useState<ReadonlyMap<string, Event>>(new Map());
  const [oldest, setOldest] = useState<EventPage['pageInfo'] | null>(null);
  const [looking, setLooking] = useState(false);
  const add = ({ edges }: EventPage) =>
    setSeen((before) => new Map([...before, ...edges.map(({ node }) => [node.id, node] as const)]));
  useEffect(() => {
    if (data !== undefined) add(data.webhookEvents);
  }, [data]);
  const lookBack = async (after: string | null) => {
    setLooking(true);
    try {
      const older = await execute(CustomersEventsDocument, { after });
      add(older.data.webhookEvents);
      setOldest(older.data.webhookEvents.pageInfo);
    } catch (reason) {
      toast(reason instanceof Error ? reason.message : String(reason), 'bad');
    } finally {
      setLooking(false);
    }
  };
  if (data === undefined && failure === undefined) return <Loading what="the timeline" />;
  const theirs = [...seen.values()].filter((event) => event.customer?.id === customer.id);
  const pageInfo = oldest ?? data?.webhookEvents.pageInfo;
  return (
    <Shown moments={momentsOf(customer, theirs)}>
      {failure === undefined ? null : <p className="notice">Events are missing. {sentence(failure.message)}</p>}
      {pageInfo === undefined ? null : (
        <p className="muted">
          Events are from the latest {formatNumber(seen.size)} of all apps.{' '}
          {pageInfo.hasNextPage ? (
            <Button busy={looking} onClick={() => void lookBack(pageInfo.endCursor)}>
              Look further back
            </Button>
          ) : (
            'There are no older ones.'
          )}
        </p>
      )}
    </Shown>
  );
}

function Shown({ moments, children }: { moments: readonly Moment[]; children?: ReactNode }) {
  return (
    <Card title="Timeline">
      <ol className="customers-timeline">
        {moments.map(({ key, at, what, more }) => (
          <li key={key}>
            <time dateTime={at}>{formatDateTime(at)}</time>
            <div>
              {what}
              {more === undefined ? null : <div className="muted">{more}</div>}
            </div>
          </li>
        ))}
      </ol>
      {children}
    </Card>
  );
}

function momentsOf(customer: OneCustomer, events: readonly Event[]): readonly Moment[] {
  const moments: Moment[] = [
    { key: 'first', at: customer.firstSeenAt, what: 'Seen for the first time' },
    ...customer.identities.map(({ kind, value, addedAt, source }) => ({
      key: `identity ${kind} ${value}`,
      at: addedAt,
      what: `Known from: ${IDENTITY_KINDS[kind]}`,
      more: `${value}, told by ${source}`,
    })),
    ...events.map(({ id, type, app, message, receivedAt }) => ({
      key: id,
      at: receivedAt,
      what: (
        <>
          <Link to={`/console/apps/events/${id}`}>{type}</Link> through {app.name}
        </>
      ),
      more: message?.text ?? undefined,
    })),
    ...(customer.invoices?.edges ?? []).flatMap(({ node }) =>
      node.finalizedAt === null
        ? []
        : [{
            key: node.id,
            at: node.finalizedAt,
            what: (
              <>
                Invoice <Link to={`/console/billing/invoices/${node.id}`}>{node.number}</Link> became final
              </>
            ),
          }],
    ),
  ];
  return moments.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
