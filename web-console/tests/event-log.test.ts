import assert from 'node:assert/strict';
import { test } from 'node:test';

import { note } from '../src/pages/live/entry';
import { ENTRIES_MAX, EventLog, RATE_SECONDS } from '../src/pages/live/log';

test('the newest are kept, and no more of them than fit', () => {
  const log = new EventLog();
  for (let number = 1; number <= ENTRIES_MAX * 3; number += 1) log.add(note('good', `${number}`));
  const kept = log.snapshot();
  assert.equal(kept.length, ENTRIES_MAX);
  assert.equal(kept.at(-1)?.number, ENTRIES_MAX * 3);
  assert.equal(log.total, ENTRIES_MAX * 3);
});

test('what happened before stands before, and counts as no arrival', () => {
  const log = new EventLog();
  log.add(note('good', 'now'));
  log.addEarlier([note('good', 'first'), note('good', 'second')]);
  const texts = log.snapshot().map((entry) => (entry.kind === 'note' ? entry.text : ''));
  assert.deepEqual(texts, ['first', 'second', 'now']);
  assert.equal(log.total, 1);
  const numbers = log.snapshot().map(({ number }) => number);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
});

test('a held list does not change', () => {
  const log = new EventLog();
  log.add(note('good', 'one'));
  const held = log.snapshot();
  log.add(note('good', 'two'));
  assert.equal(held.length, 1);
});

test('rates cover the seconds of the chart', () => {
  const { times, webhooks, files } = new EventLog().rates(Date.now());
  assert.equal(times.length, RATE_SECONDS);
  assert.equal(webhooks.length, RATE_SECONDS);
  assert.equal(files.length, RATE_SECONDS);
});
