import { expect, it } from 'vitest';
import { Random } from '../test-support/random.ts';
import { randomGraph } from '../test-support/sync-graph.ts';
import { violations } from '../test-support/sync-rules.ts';
import { runGraph } from '../test-support/sync-run.ts';

/** Seeds of a run; more are tried with MODEL_SEEDS=<first>:<count>. */
const [first = 1, count = 250] = (process.env['MODEL_SEEDS'] ?? '').split(':').filter(Boolean).map(Number);

it(`${count} random syncs keep the rules of order, of hooks and of deletion`, async () => {
  const found: string[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const run = await runGraph(randomGraph(new Random(seed)));
    found.push(...violations(run).map((violation) => `seed ${seed}: ${violation}`));
  }
  expect(found).toEqual([]);
}, 300_000);
