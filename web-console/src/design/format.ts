const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const number = new Intl.NumberFormat();

export function formatDateTime(rfc3339: string): string {
  return dateTime.format(new Date(rfc3339));
}

export function formatClock(rfc3339: string): string {
  return clock.format(new Date(rfc3339));
}

export function formatNumber(value: number): string {
  return number.format(value);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** In steps of 1000, with at most three digits. */
export function formatBytes(bytes: number): string {
  let step = 0;
  let value = bytes;
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || value >= 99.5 ? 0 : value >= 9.95 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[step] ?? ''}`;
}

/** Milliseconds as people read them: `0.42 ms`, `12 ms`, `1.3 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0 ms';
  if (milliseconds >= 999.5) return `${(milliseconds / 1000).toFixed(milliseconds >= 9950 ? 0 : 1)} s`;
  if (milliseconds >= 9.95) return `${Math.round(milliseconds)} ms`;
  return `${milliseconds.toFixed(milliseconds >= 0.995 ? 1 : 2)} ms`;
}

/** Exact: the amount is decimal text and never becomes a float. */
export function formatMoney({ amount, currency }: { amount: string; currency: string }): string {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return (format.format as (value: string) => string)(amount);
}

/** `message.received` and `META_PAGE` in words. */
export function formatEnum(value: string): string {
  const words = value.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
