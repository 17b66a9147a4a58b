import './live.css';

import { useEffect, useState } from 'react';

import { useStore } from '../../app/store';
import { Button } from '../../design/button';
import { formatNumber } from '../../design/format';
import { PageHead } from '../../design/page';
import { FailureState } from '../../design/refusals';
import { toast } from '../../design/toasts';
import { transport } from '../../graphql/transport';
import { useMay } from '../../session/may';
import { session } from '../../session/session';
import { ConnectionBadge } from './connection-badge';
import type { Entry } from './entry';
import { EntryDetails } from './entry-details';
import { EventsCard } from './events-card';
import { Feed } from './feed';
import { EventLog } from './log';
import { RateCard } from './rate-card';
import { sendTestEvent } from './test-event';
import { UploadsCard } from './uploads-card';

interface Watch {
  readonly log: EventLog;
  readonly feed: Feed;
  readonly again: () => void;
}

/** A log and its feed per user: nobody sees what came for somebody else. */
function useWatch(): Watch | null {
  const user = useStore(session);
  const over = useStore(transport);
  const [watch, setWatch] = useState<Watch | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const log = new EventLog();
    const feed = new Feed(log, over);
    setWatch({ log, feed, again: () => setRound((before) => before + 1) });
    return () => feed.stop();
  }, [user?.token, over, round]);
  return watch;
}

export default function LivePage() {
  const watch = useWatch();
  return watch === null ? <PageHead title="Live" /> : <Live {...watch} />;
}

const ABOUT = 'Webhook events and uploads as they happen.';

interface Held {
  readonly entries: readonly Entry[];
  readonly total: number;
}

function Live({ log, feed, again }: Watch) {
  const state = useStore(feed.state);
  const [held, setHeld] = useState<Held | null>(null);
  const [selected, setSelected] = useState<Entry>();
  const [sending, setSending] = useState(false);
  const maySend = useMay('apps:write');
  useEffect(() => {
    setHeld(null);
    setSelected(undefined);
  }, [log]);
  const send = async () => {
    setSending(true);
    await sendTestEvent().catch((failure: Error) => toast(failure.message, 'bad'));
    setSending(false);
  };
  if (state.state === 'refused' && state.failure.code !== 'CURSOR_EXPIRED') {
    return (
      <>
        <PageHead title="Live" about={ABOUT} />
        <FailureState what="events" error={state.failure} retry={again} />
      </>
    );
  }
  return (
    <>
      <PageHead title="Live" about={ABOUT}>
        <ConnectionBadge state={state} paused={held !== null} />
        {held === null ? (
          <Button icon="pause" onClick={() => setHeld({ entries: log.snapshot(), total: log.total })}>
            Pause
          </Button>
        ) : (
          <Button icon="play" onClick={() => setHeld(null)}>
            Go on <Waiting log={log} since={held.total} />
          </Button>
        )}
        {maySend ? (
          <Button icon="send" look="primary" busy={sending} onClick={send}>
            Send a test event
          </Button>
        ) : null}
      </PageHead>
      <div className="live">
        <RateCard log={log} />
        <EventsCard log={log} held={held?.entries ?? null} selected={selected} onSelect={setSelected} />
        <div className="live-side">
          <UploadsCard />
          <EntryDetails entry={selected} />
        </div>
      </div>
    </>
  );
}

function Waiting({ log, since }: { log: EventLog; since: number }) {
  useStore(log.version);
  const waiting = log.total - since;
  return waiting === 0 ? null : <span>({formatNumber(waiting)} new)</span>;
}
