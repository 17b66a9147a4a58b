import type { ReactNode } from 'react';

import { formatDuration } from '../../design/format';

export interface Figure {
  readonly title: string;
  readonly value: ReactNode;
  /** What the value is to be compared with. */
  readonly about?: ReactNode;
}

/** Values that one sees from afar. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ title, value, about }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
          {about === undefined ? null : <dd className="muted">{about}</dd>}
        </div>
      ))}
    </dl>
  );
}

export function milliseconds(value: number | null): string {
  return value === null ? '–' : formatDuration(value);
}

export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 }).format(part / whole);
}

/** `3 d 4 h`, `2 h 5 min`, `4 min`, `12 s`. */
export function span(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`;
}
