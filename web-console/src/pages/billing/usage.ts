import type { BillingUsageQuery } from './operations.generated';

type Invoice = BillingUsageQuery['invoices']['edges'][number]['node'];

/** What a meter charged in one period. */
export interface ChargedPeriod {
  readonly start: string;
  readonly end: string;
  readonly quantity: number;
}

export interface ChargedMeter {
  readonly code: string;
  /** The earliest first. Periods without usage are there with nothing. */
  readonly periods: readonly ChargedPeriod[];
}

/** The usage on a subscription's invoices, by meter and period. A tier is a line of its own. */
export function chargedUsage(invoices: readonly Invoice[], subscriptionId: string): readonly ChargedMeter[] {
  const lines = invoices.filter(({ subscription }) => subscription?.id === subscriptionId).flatMap((invoice) => invoice.lines);
  const periods = new Map(lines.map(({ periodStart, periodEnd }) => [periodStart, periodEnd]));
  const byMeter = new Map<string, Map<string, number>>();
  for (const { kind, meter, periodStart, quantity } of lines) {
    if (kind !== 'USAGE' || meter === null) continue;
    const sums = byMeter.get(meter.code) ?? new Map<string, number>();
    byMeter.set(meter.code, sums.set(periodStart, (sums.get(periodStart) ?? 0) + Number(quantity)));
  }
  const inOrder = [...periods].sort(([a], [b]) => Date.parse(a) - Date.parse(b));
  return [...byMeter].map(([code, sums]) => ({
    code,
    periods: inOrder.map(([start, end]) => ({ start, end, quantity: sums.get(start) ?? 0 })),
  }));
}
