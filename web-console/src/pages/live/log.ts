import { createStore } from '../../app/store';
import type { Arrival, Entry } from './entry';

/** Half a minute at ten thousand events a minute: more than anybody reads back. */
export const ENTRIES_MAX = 5000;
/** Dropping the oldest in portions keeps each arrival cheap. */
const DROPPED_AT_ONCE = 500;
/** Faster than one can read; slower than events come. */
const SHOWN_EVERY_MS = 100;

/** How many seconds the chart shows. */
export const RATE_SECONDS = 120;

export interface Rates {
  /** Seconds since 1970, oldest first; the last one is still filling. */
  readonly times: readonly number[];
  readonly webhooks: readonly number[];
  readonly files: readonly number[];
}

/**
 * The newest events, oldest first. What arrives is taken in at once and shown a few times a
 * second, however much it is.
 */
export class EventLog {
  /** Changes when there is something new to show. */
  readonly version = createStore(0);
  private entries: Entry[] = [];
  private arrived = 0;
  private scheduled = false;
  private readonly counts = { webhook: new Map<number, number>(), file: new Map<number, number>() };

  add(arrival: Arrival): void {
    this.arrived += 1;
    this.entries.push({ ...arrival, number: this.arrived });
    if (this.entries.length >= ENTRIES_MAX + DROPPED_AT_ONCE) this.entries.splice(0, DROPPED_AT_ONCE);
    if (arrival.kind !== 'note') this.count(arrival.kind);
    this.schedule();
  }

  /** Puts what happened before in front; it is no news, and not counted. */
  addEarlier(arrivals: readonly Arrival[]): void {
    const room = ENTRIES_MAX - this.entries.length;
    if (room <= 0) return;
    const oldest = Math.min(1, this.entries[0]?.number ?? 1);
    const earlier = arrivals.slice(-room);
    const numbered = earlier.map((arrival, index) => ({ ...arrival, number: oldest - earlier.length + index }));
    this.entries = [...numbered, ...this.entries];
    this.schedule();
  }

  clear(): void {
    this.entries = [];
    this.schedule();
  }

  /** A copy, which stays as it is. */
  snapshot(): readonly Entry[] {
    return this.entries.slice(-ENTRIES_MAX);
  }

  /** Whether a webhook event is among them. */
  has(id: string): boolean {
    return this.entries.some((entry) => entry.kind === 'webhook' && entry.event.id === id);
  }

  /** How many have ever arrived. */
  get total(): number {
    return this.arrived;
  }

  rates(nowMs: number): Rates {
    const last = Math.floor(nowMs / 1000);
    const times = Array.from({ length: RATE_SECONDS }, (_, index) => last - RATE_SECONDS + 1 + index);
    const of = (kind: 'webhook' | 'file') => times.map((second) => this.counts[kind].get(second) ?? 0);
    return { times, webhooks: of('webhook'), files: of('file') };
  }

  private count(kind: 'webhook' | 'file'): void {
    const second = Math.floor(Date.now() / 1000);
    const counts = this.counts[kind];
    counts.set(second, (counts.get(second) ?? 0) + 1);
    for (const old of counts.keys()) {
      if (old > second - RATE_SECONDS) break;
      counts.delete(old);
    }
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => {
      this.scheduled = false;
      this.version.set(this.version.get() + 1);
    }, SHOWN_EVERY_MS);
  }
}
