import assert from 'node:assert/strict';
import { test } from 'node:test';

import { problemsOf, sentence } from '../src/graphql/problems';
import { chargedUsage } from '../src/pages/billing/usage';

test('an error stands at the longest field that its path lies in', () => {
  const errors = [
    { message: 'use a number', path: ['input', 'charges', '1', 'tiers', '0'] },
    { message: 'there is no such app', path: ['input', 'appId'] },
    { message: 'too late', path: null },
    { message: 'use `a-z`', path: ['input', 'code'] },
  ];
  assert.deepEqual(problemsOf(errors, ['code', 'charges', 'charges.1']), {
    'charges.1': 'Use a number.',
    code: 'Use “a-z”.',
    form: 'There is no such app. Too late.',
  });
});

test('a field called input is not the input', () => {
  assert.deepEqual(problemsOf([{ message: 'no', path: ['input', 'input'] }], ['input']), { input: 'No.' });
});

test('a message that is a sentence stays one', () => {
  assert.equal(sentence('Is it so?'), 'Is it so?');
});

const line = (month: number, code: string | null, quantity: string) => ({
  id: `${month} ${code} ${quantity}`,
  kind: code === null ? ('SUBSCRIPTION' as const) : ('USAGE' as const),
  quantity,
  amount: { amount: '1', currency: 'EUR' },
  periodStart: `2026-0${month}-01T00:00:00Z`,
  periodEnd: `2026-0${month + 1}-01T00:00:00Z`,
  meter: code === null ? null : { id: code, code },
});

const invoice = (of: string, lines: ReturnType<typeof line>[]) => ({
  id: of + lines.length,
  status: 'FINALIZED' as const,
  subscription: { id: of },
  lines,
});

test('usage is summed over tiers, by period, the earliest first, with empty periods', () => {
  const invoices = [
    invoice('ours', [line(3, null, '1'), line(3, 'calls', '5')]),
    invoice('theirs', [line(2, 'calls', '99')]),
    invoice('ours', [line(2, null, '1')]),
    invoice('ours', [line(1, null, '1'), line(1, 'calls', '50'), line(1, 'calls', '2.5')]),
  ];
  const [calls, ...others] = chargedUsage(invoices, 'ours');
  assert.deepEqual(others, []);
  assert.deepEqual(
    calls?.periods.map(({ start, quantity }) => [start.slice(0, 7), quantity]),
    [
      ['2026-01', 52.5],
      ['2026-02', 0],
      ['2026-03', 5],
    ],
  );
});
