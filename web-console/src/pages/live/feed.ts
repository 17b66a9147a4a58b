import { createStore } from '../../app/store';
import { execute } from '../../graphql/execute';
import { Failure, isRefused } from '../../graphql/failure';
import { type Following, follow } from '../../graphql/follow';
import type { Transport } from '../../graphql/transport';
import { note, ofFile, ofWebhook } from './entry';
import type { EventLog } from './log';
import { LiveFilesDocument, LiveRecentDocument, LiveWebhooksDocument } from './operations.generated';

/** What is shown of the time before the page was opened. */
const RECENT_MAX = 50;
/** Events that came while we were away arrive at once; after this they have all come. */
const CAUGHT_UP_AFTER_MS = 1500;

/** Feeds a log until it is stopped, and goes on behind the last event after every interruption. */
export class Feed {
  readonly state = createStore<Following>({ state: 'connecting' });
  private readonly stops: (() => void)[] = [];
  private stopped = false;
  private readonly streams: Record<Stream, Following> = { webhooks: { state: 'connecting' }, files: { state: 'connecting' } };
  private webhooks = new Resumption();
  private files = new Resumption();
  /** Events that are shown already, and may still be told of. */
  private readonly recalled = new Set<string>();
  private readonly beganAt = new Date().toISOString();

  constructor(
    private readonly log: EventLog,
    private readonly transport: Transport,
  ) {
    this.followWebhooks();
    this.followFiles();
    void this.recall({});
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
    this.webhooks.stop();
    this.files.stop();
  }

  private followWebhooks(): void {
    this.stops.push(
      follow({
        document: LiveWebhooksDocument,
        variables: () => ({ after: this.webhooks.cursor }),
        transport: this.transport,
        completion: 'resumes',
        onEvent: ({ webhookReceived: { cursor, node } }) => {
          this.webhooks.passed(cursor);
          if (this.recalled.delete(node.id)) return;
          this.log.add(ofWebhook(node));
        },
        onState: (state) => {
          this.tell('webhooks', state);
          if (state.state === 'waiting') this.webhooks.lost();
          if (state.state === 'open') this.webhooks.back((away) => this.tellWebhooks(away));
          if (state.state === 'refused') this.restart(state.failure, 'webhook events', this.webhooks, () => this.followWebhooks());
        },
      }),
    );
  }

  private followFiles(): void {
    this.stops.push(
      follow({
        document: LiveFilesDocument,
        variables: () => ({ after: this.files.cursor }),
        transport: this.transport,
        completion: 'resumes',
        onEvent: ({ fileChanged }) => {
          this.files.passed(fileChanged.cursor);
          this.log.add(ofFile(fileChanged));
        },
        onState: (state) => {
          this.tell('files', state);
          if (state.state === 'waiting') this.files.lost();
          if (state.state === 'open') this.files.back((away) => this.tellFiles(away));
          if (state.state === 'refused') this.restart(state.failure, 'file changes', this.files, () => this.followFiles());
        },
      }),
    );
  }

  /** Webhook events say how it stands; who may not see them has the file changes left. */
  private tell(stream: Stream, state: Following): void {
    this.streams[stream] = state;
    const { webhooks, files } = this.streams;
    if (!isForbidden(webhooks)) return this.state.set(webhooks);
    if (stream === 'webhooks') this.log.add(note('warning', 'Your role may not see webhook events.'));
    return this.state.set(files);
  }

  /** Brings events that nobody told us of: those before the page was opened. */
  private async recall(filter: { since?: string }): Promise<void> {
    try {
      const { data } = await execute(LiveRecentDocument, { first: RECENT_MAX, filter });
      if (this.stopped) return;
      const events = data.webhookEvents.edges.map(({ node }) => node).filter(({ id }) => !this.log.has(id));
      for (const { id } of events) this.recalled.add(id);
      this.log.addEarlier(events.map(ofWebhook).reverse());
    } catch (reason) {
      // The subscription meets the same refusal and shows it.
      if (!(reason instanceof Failure)) this.log.add(note('warning', 'Earlier events could not be loaded.'));
    }
  }

  private tellWebhooks({ seconds, caughtUp, hadCursor }: Away): void {
    if (hadCursor) {
      const many = caughtUp === 0 ? 'nothing had come meanwhile' : `caught up with ${counted(caughtUp, 'event')}`;
      this.log.add(note('good', `Back after ${seconds} s, behind the last event seen: ${many}, no gap.`));
      return;
    }
    // Without an event there is no cursor; the list says what came since the page was opened.
    void this.recall({ since: this.beganAt });
    this.log.add(note('good', `Back after ${seconds} s. Looked up what came meanwhile: no gap.`));
  }

  private tellFiles({ seconds, caughtUp, hadCursor }: Away): void {
    if (!hadCursor) {
      this.log.add(note('warning', `File changes of the last ${seconds} s may be missing: there was none to go on from.`));
    } else if (caughtUp > 0) {
      this.log.add(note('good', `Caught up with ${counted(caughtUp, 'file change')}, no gap.`));
    }
  }

  /** A cursor that is too old to go on from is a gap; anything else stays a refusal. */
  private restart(failure: Failure, what: string, resumption: Resumption, again: () => void): void {
    if (failure.code !== 'CURSOR_EXPIRED' || this.stopped) return;
    resumption.forget();
    this.log.add(note('warning', `A gap: some ${what} are older than what the gateway keeps. From here on they are complete.`));
    again();
  }
}

type Stream = 'webhooks' | 'files';

function isForbidden(state: Following): boolean {
  return state.state === 'refused' && isRefused(state.failure.code) && !state.failure.needsSignIn;
}

interface Away {
  readonly seconds: string;
  readonly caughtUp: number;
  readonly hadCursor: boolean;
}

/** Where a stream goes on after it broke, and what it brought when it was back. */
class Resumption {
  cursor: string | null = null;
  private lostAt: number | null = null;
  private caughtUp = 0;
  private hadCursor = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  passed(cursor: string): void {
    this.cursor = cursor;
    this.caughtUp += 1;
  }

  lost(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lostAt !== null) return;
    this.lostAt = Date.now();
    this.hadCursor = this.cursor !== null;
    this.caughtUp = 0;
  }

  back(tell: (away: Away) => void): void {
    if (this.lostAt === null || this.timer !== undefined) return;
    const seconds = ((Date.now() - this.lostAt) / 1000).toFixed(1);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.lostAt = null;
      tell({ seconds, caughtUp: this.caughtUp, hadCursor: this.hadCursor });
    }, CAUGHT_UP_AFTER_MS);
  }

  forget(): void {
    this.cursor = null;
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
