import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { formatDateTime } from '../../design/format';
import { Pager } from '../../design/pager';
import { FilterSearch, FilterSelect, memberOf, optionsOf, useQueryFilter } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { type Column, Table } from '../../design/table';
import { usePages } from '../../graphql/use-pages';
import { useQuery } from '../../graphql/use-query';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { CHANNELS, EVENT_STATUSES, EVENT_TONES } from './names';
import { type AppsEventRowFragment, AppsEventsDocument, AppsReceivedDocument } from './operations.generated';

const COLUMNS: readonly Column<AppsEventRowFragment>[] = [
  { title: 'Received', cell: ({ id, receivedAt }) => <Link to={`/console/apps/events/${id}`}>{formatDateTime(receivedAt)}</Link> },
  { title: 'What', cell: ({ type }) => type },
  { title: 'Channel', cell: ({ channel }) => CHANNELS[channel], minor: true },
  {
    title: 'From',
    cell: ({ customer }) =>
      customer === null ? '–' : <Link to={`/console/customers/${customer.id}`}>{customer.displayName ?? customer.id}</Link>,
    minor: true,
  },
  { title: 'Message', cell: ({ message }) => message?.text ?? '–', minor: true },
  {
    title: 'Status',
    cell: ({ status }) => <Badge tone={EVENT_TONES[status]}>{EVENT_STATUSES[status]}</Badge>,
    minor: true,
  },
];

/** What `datetime-local` says, as the graph reads times; null for what is no time. */
function instantOf(local: string | null): string | null {
  const time = local === null ? Number.NaN : Date.parse(local);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** What an app has received, newest first. */
export function Events({ appId }: { appId: string }) {
  const [type] = useQueryFilter('type');
  const [status] = useQueryFilter('status');
  const [channel] = useQueryFilter('channel');
  const [since] = useQueryFilter('since');
  const [until] = useQueryFilter('until');
  const chosen = memberOf(EVENT_STATUSES, status);
  const through = memberOf(CHANNELS, channel);
  const filter = {
    appId,
    type: type === null ? null : [type],
    status: chosen === null ? null : [chosen],
    channel: through === null ? null : [through],
    since: instantOf(since),
    until: instantOf(until),
  };
  const pages = usePages(JSON.stringify(filter));
  const { data, errors, failure, refetch } = useQuery(AppsEventsDocument, { first: 25, after: pages.after, filter });
  useRefetchOn(AppsReceivedDocument, { appId }, refetch, data !== undefined);
  if (failure !== undefined) return <FailureState what="events" error={failure} retry={refetch} />;
  const isFiltered = [type, status, channel, since, until].some((value) => value !== null);
  return (
    <>
      <div className="filters apps-filters" role="search" aria-label="Filter events">
        <FilterSearch label="What" name="type" />
        <FilterSelect label="Status" name="status" options={optionsOf(EVENT_STATUSES)} />
        <FilterSelect label="Channel" name="channel" options={optionsOf(CHANNELS)} />
        <FilterSearch label="Received since" name="since" type="datetime-local" />
        <FilterSearch label="Received before" name="until" type="datetime-local" />
      </div>
      {data === undefined ? (
        <Loading what="events" />
      ) : (
        <>
          <PartialNotice errors={errors} />
          <Table
            caption="Events, newest first"
            columns={COLUMNS}
            rows={data.webhookEvents.edges.map(({ node }) => node)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No events here">
                {isFiltered ? 'No event matches these filters.' : 'They come as soon as a platform sends some.'}
              </EmptyState>
            }
          />
          <Pager pages={pages} pageInfo={data.webhookEvents.pageInfo} />
        </>
      )}
    </>
  );
}
