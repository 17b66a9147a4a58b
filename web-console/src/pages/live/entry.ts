import type { LiveEventFragment, LiveFilesSubscription } from './operations.generated';

interface Numbered {
  /** Ascending in the order of arrival. */
  readonly number: number;
  readonly at: string;
  /** What the filter looks into, in lower case. */
  readonly words: string;
}

export interface WebhookEntry extends Numbered {
  readonly kind: 'webhook';
  readonly event: LiveEventFragment;
}

export interface FileEntry extends Numbered {
  readonly kind: 'file';
  readonly change: LiveFilesSubscription['fileChanged'];
}

/** What the console itself has to say: that it was away, and whether something is missing. */
export interface NoteEntry extends Numbered {
  readonly kind: 'note';
  readonly tone: 'good' | 'warning';
  readonly text: string;
}

export type Entry = WebhookEntry | FileEntry | NoteEntry;
/** An entry before the log has numbered it. */
export type Arrival = Omit<WebhookEntry, 'number'> | Omit<FileEntry, 'number'> | Omit<NoteEntry, 'number'>;

export function ofWebhook(event: LiveEventFragment): Arrival {
  const { id, type, channel, app, sender, message, receivedAt: at } = event;
  const words = [id, type, channel, app.name, sender?.value, message?.text].join('\n').toLowerCase();
  return { kind: 'webhook', at, words, event };
}

export function ofFile(change: LiveFilesSubscription['fileChanged']): Arrival {
  const { kind, fileId, file, at } = change;
  const words = ['file', kind, fileId, file?.name, file?.mimeType].join('\n').toLowerCase();
  return { kind: 'file', at, words, change };
}

export function note(tone: NoteEntry['tone'], text: string): Arrival {
  return { kind: 'note', at: new Date().toISOString(), words: '', tone, text };
}
