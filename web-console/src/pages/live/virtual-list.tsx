import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';

interface Props<Row> {
  readonly label: string;
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly rowHeight: number;
  /** Ascending with age reversed: equal keys are the same row. */
  readonly keyOf: (row: Row) => number;
  readonly selected: number | null;
  readonly onSelect: (key: number) => void;
  readonly children: (row: Row) => ReactNode;
}

/** Rows above and below what is seen, so that fast scrolling meets no blank. */
const SPARE_ROWS = 8;

/** A list of any length, of which only the visible rows exist. New rows on top move nothing. */
export function VirtualList<Row>({ label, rows, rowHeight, keyOf, selected, onSelect, children }: Props<Row>) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const newest = rows[0] === undefined ? null : keyOf(rows[0]);
  const before = useRef(newest);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || before.current === newest) return;
    // Who reads further down goes on reading the same rows.
    if (element.scrollTop > 0 && before.current !== null) {
      const added = rows.findIndex((row) => keyOf(row) <= (before.current ?? 0));
      if (added > 0) element.scrollTop += added * rowHeight;
    }
    before.current = newest;
  });

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    read();
    const resized = new ResizeObserver(read);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  const at = rows.findIndex((row) => keyOf(row) === selected);
  const select = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    const element = frame.current;
    if (row === undefined || element === null) return;
    onSelect(keyOf(row));
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor(view.height / rowHeight);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(Math.max(0, Math.min(rows.length - 1, to)));
  };

  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + SPARE_ROWS);
  const isShown = at >= first && at < last;
  return (
    <div
      ref={frame}
      className="virtual-list"
      role="listbox"
      aria-label={label}
      aria-activedescendant={isShown ? `${id}-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <div role="presentation" style={{ height: rows.length * rowHeight, position: 'relative' }}>
        {rows.slice(first, last).map((row, index) => {
          const key = keyOf(row);
          return (
            <div
              key={key}
              id={`${id}-${key}`}
              role="option"
              aria-selected={key === selected}
              aria-setsize={rows.length}
              aria-posinset={first + index + 1}
              className="virtual-row"
              style={{ top: (first + index) * rowHeight, height: rowHeight }}
              onClick={() => onSelect(key)}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
