import { formatNumber } from '../../design/format';
import type { Aggregation, BillingInterval, ChargeModel, InvoiceStatus } from './operations.generated';

export const INVOICE_STATUSES: { readonly [Status in InvoiceStatus]: string } = {
  DRAFT: 'Draft',
  FINALIZED: 'Final',
};

export const INTERVALS: { readonly [Interval in BillingInterval]: string } = {
  WEEK: 'week',
  MONTH: 'month',
  QUARTER: 'quarter',
  YEAR: 'year',
};

export const AGGREGATIONS: { readonly [Name in Aggregation]: string } = {
  COUNT: 'How many events',
  SUM: 'The sum of their values',
  MAX: 'The greatest value',
  LATEST: 'The latest value',
};

export const MODELS: { readonly [Model in ChargeModel]: string } = {
  PER_UNIT: 'Per unit',
  PACKAGE: 'In packages',
  GRADUATED: 'Graduated: each unit by its own tier',
  VOLUME: 'Volume: all units by the tier of the total',
};

/** Whose it is, in words; customers can be nameless or gone. */
export function customerName(customer: { readonly id: string; readonly displayName: string | null } | null): string {
  return customer === null ? 'Unknown customer' : (customer.displayName ?? customer.id);
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** Periods begin and end at midnight UTC, so that is how their days are called everywhere. */
export function formatDay(rfc3339: string): string {
  return day.format(new Date(rfc3339));
}

/** A period by its first and its last day. */
export function formatPeriod(start: string, end: string): string {
  return day.formatRange(new Date(start), new Date(Date.parse(end) - 1));
}

/** Digits in groups. The quantity is exact text: what a float cannot hold stays as it is. */
export function formatQuantity(decimal: string): string {
  return String(Number(decimal)) === decimal ? formatNumber(Number(decimal)) : decimal;
}
