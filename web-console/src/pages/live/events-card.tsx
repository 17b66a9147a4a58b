import { useMemo, useState } from 'react';

import { useStore } from '../../app/store';
import { Button } from '../../design/button';
import { formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { Segments } from '../../design/segments';
import { EmptyState } from '../../design/states';
import type { Entry } from './entry';
import { EntryRow } from './entry-row';
import type { EventLog } from './log';
import { VirtualList } from './virtual-list';

type Kind = 'all' | 'webhook' | 'file';

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'webhook', label: 'Webhooks' },
  { value: 'file', label: 'Files' },
];

const ROW_HEIGHT = 36;

interface Props {
  readonly log: EventLog;
  /** What is shown while the page is paused; null shows what comes. */
  readonly held: readonly Entry[] | null;
  readonly selected: Entry | undefined;
  readonly onSelect: (entry: Entry | undefined) => void;
}

export function EventsCard({ log, held, selected, onSelect }: Props) {
  const version = useStore(log.version);
  const [kind, setKind] = useState<Kind>('all');
  const [search, setSearch] = useState('');
  const rows = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const isWanted = (entry: Entry) =>
      (kind === 'all' || entry.kind === kind) &&
      (words.length === 0 || (entry.kind !== 'note' && words.every((word) => entry.words.includes(word))));
    return (held ?? log.snapshot()).filter(isWanted).reverse();
    // `version` stands for what is in the log.
  }, [log, held, version, kind, search]);
  return (
    <Card
      title="Events"
      actions={
        <>
          <Segments label="Which events" choices={KINDS} chosen={kind} onChoose={setKind} />
          <input
            className="live-filter"
            type="search"
            aria-label="Filter events"
            placeholder="Filter: type, app, text …"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Button look="quiet" onClick={() => log.clear()}>
            Clear
          </Button>
        </>
      }
    >
      {rows.length === 0 ? (
        <EmptyState title={search === '' && kind === 'all' ? 'No events yet' : 'No event is like that'}>
          {search === '' && kind === 'all'
            ? 'They appear here as they happen. Send a test event to see one.'
            : 'Change the filter to see others.'}
        </EmptyState>
      ) : (
        <>
          <VirtualList
            label="Events, newest first"
            rows={rows}
            rowHeight={ROW_HEIGHT}
            keyOf={({ number }) => number}
            selected={selected?.number ?? null}
            onSelect={(number) => onSelect(rows.find((row) => row.number === number))}
          >
            {(entry) => <EntryRow entry={entry} />}
          </VirtualList>
          <p className="muted live-small">{formatNumber(rows.length)} shown, newest first</p>
        </>
      )}
    </Card>
  );
}
