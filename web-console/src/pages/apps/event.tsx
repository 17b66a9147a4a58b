import { Link } from 'wouter';

import { Badge } from '../../design/badge';
import { Copyable } from '../../design/copy';
import { formatDateTime, formatEnum, formatNumber } from '../../design/format';
import { Json } from '../../design/json';
import { Card, PageHead } from '../../design/page';
import { AbsentState, FailureState, PartialNotice } from '../../design/refusals';
import { Loading } from '../../design/states';
import { useQuery } from '../../graphql/use-query';
import { CHANNELS, EVENT_STATUSES, EVENT_TONES, SOURCE_KINDS } from './names';
import { AppsEventDocument, type AppsEventQuery } from './operations.generated';

type OneEvent = NonNullable<AppsEventQuery['webhookEvent']>;

export function EventDetail({ id }: { id: string }) {
  const { data, errors, failure, refetch } = useQuery(AppsEventDocument, { id });
  if (failure !== undefined) return <FailureState what="events" error={failure} retry={refetch} />;
  if (data === undefined) return <Loading what="the event" />;
  const event = data.webhookEvent;
  if (event === null) {
    return (
      <AbsentState what="events" one="event" errors={errors} retry={refetch}>
        <Link to="/console/apps">All apps</Link>
      </AbsentState>
    );
  }
  return (
    <>
      <PageHead title={event.type} about={<Link to={`/console/apps/${event.app.id}`}>{event.app.name}</Link>} />
      <PartialNotice errors={errors} />
      <div className="cards">
        <Facts event={event} />
        {event.message === null ? null : <Message message={event.message} />}
      </div>
      <Card title="Payload">
        <Json value={event.payload} label="Payload" />
      </Card>
    </>
  );
}

function Facts({ event }: { event: OneEvent }) {
  const { customer, sender } = event;
  return (
    <Card title="Facts">
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <Badge tone={EVENT_TONES[event.status]}>{EVENT_STATUSES[event.status]}</Badge>
        </dd>
        <dt>Received</dt>
        <dd>{formatDateTime(event.receivedAt)}</dd>
        <dt>Happened</dt>
        <dd>{event.occurredAt === null ? 'The platform does not say' : formatDateTime(event.occurredAt)}</dd>
        <dt>Source</dt>
        <dd>{SOURCE_KINDS[event.source.kind]}</dd>
        <dt>Customer</dt>
        <dd>
          {customer === null ? (
            '–'
          ) : (
            <Link to={`/console/customers/${customer.id}`}>{customer.displayName ?? customer.id}</Link>
          )}
        </dd>
        <dt>Sender</dt>
        <dd>
          {sender === null ? '–' : `${CHANNELS[sender.channel]}: ${sender.value}, to ${sender.scope}`}
        </dd>
        <dt>Came again</dt>
        <dd>{event.duplicates === 0 ? 'Never' : `${formatNumber(event.duplicates)} times`}</dd>
        <dt>Known by</dt>
        <dd>
          <code>{event.dedupeKey}</code>
        </dd>
        <dt>Id</dt>
        <dd>
          <Copyable text={event.id} what="the id" />
        </dd>
      </dl>
    </Card>
  );
}

function Message({ message }: { message: NonNullable<OneEvent['message']> }) {
  return (
    <Card title="Message">
      {message.text === null ? null : <blockquote className="apps-text">{message.text}</blockquote>}
      <dl className="facts">
        <dt>Sent by</dt>
        <dd>{message.isEcho ? 'The business itself' : message.senderId}</dd>
        {message.statusUpdate === null ? null : (
          <>
            <dt>News</dt>
            <dd>{formatEnum(message.statusUpdate)}</dd>
          </>
        )}
        {message.replyTo === null ? null : (
          <>
            <dt>Answers</dt>
            <dd>
              <code>{message.replyTo}</code>
            </dd>
          </>
        )}
        <dt>Thread</dt>
        <dd>
          <code>{message.threadId}</code>
        </dd>
        <dt>Its id there</dt>
        <dd>
          <code>{message.externalId}</code>
        </dd>
        {message.attachments.map(({ kind, mimeType, externalUrl }) => (
          <div key={`${kind} ${externalUrl}`} className="apps-attachment">
            <dt>Attachment</dt>
            <dd>
              {formatEnum(kind)}
              {mimeType === null ? null : ` (${mimeType})`}{' '}
              {externalUrl === null || !isWeb(externalUrl) ? null : (
                <a href={externalUrl} target="_blank" rel="noreferrer">
                  Where the platform keeps it
                </a>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** Senders say where their attachments are: only what a browser fetches becomes a link. */
function isWeb(url: string): boolean {
  return /^https?:/i.test(url);
}
