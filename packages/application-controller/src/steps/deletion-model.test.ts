import { finalizers } from '@plumbline/apis';
import { expect, it } from 'vitest';
import {
  type DeletionItem,
  type DeletionRunResult,
  randomDeletion,
  runDeletion,
} from '../test-support/deletion-run.ts';
import { Random } from '../test-support/random.ts';

/** Seeds of a run; more are tried with MODEL_SEEDS=<first>:<count>. */
const [first = 1, count = 200] = (process.env['MODEL_SEEDS'] ?? '').split(':').filter(Boolean).map(Number);

it(`${count} random deletions keep the rules of reference §1.6`, async () => {
  const found: string[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const run = await runDeletion(randomDeletion(new Random(seed)));
    found.push(...violations(run).map((violation) => `seed ${seed}: ${violation}`));
  }
  expect(found).toEqual([]);
}, 300_000);

function violations(run: DeletionRunResult): string[] {
  const { graph, gone, writes, left } = run;
  const managed = graph.items.filter(({ hooks }) => hooks.length === 0);
  const goes = (item: DeletionItem) => graph.cascades && item.keep !== 'Delete=false';
  const found = gone ? [] : ['it does not end'];
  for (const { verb, name, there, confirmed } of writes) {
    const item = graph.items.find((candidate) => candidate.name === name);
    if (!item || (verb === 'delete' && item.hooks.length > 0)) continue;
    if (verb === 'apply') {
      if (item.hooks.length === 0) found.push(`${name} was applied`);
      if (there.has(name)) continue;
      const standing = managed.filter((other) => goes(other) && there.has(other.name));
      const begun = managed.some((other) => goes(other) && !there.has(other.name));
      const before = item.hooks.includes('PreDelete') && !begun;
      const after = item.hooks.includes('PostDelete') && standing.length === 0;
      if (!before && !after) found.push(`hook ${name} was made while ${standing.map((other) => other.name)} stand`);
      continue;
    }
    if (!goes(item)) found.push(`${name} was deleted and is to stay`);
    if (managed.some(({ keep }) => keep === 'Delete=confirm') && !confirmed) found.push(`${name} went unconfirmed`);
    const higher = managed.filter((other) => goes(other) && other.wave > item.wave && there.has(other.name));
    if (higher.length > 0) found.push(`${name} was deleted while ${higher.map((other) => other.name)} stand`);
  }
  for (const item of graph.items.filter(({ hooks }) => hooks.length > 0)) {
    const made = writes.filter(({ verb, name, there }) => verb === 'apply' && name === item.name && !there.has(name));
    const wanted = item.hooks.length + (item.outcome === 'fails-once' ? 1 : 0);
    // Death before a request that was noted makes it once more.
    const lost = Number.isFinite(graph.killAt) && !graph.killAfter ? 1 : 0;
    if (made.length < item.hooks.length || made.length > wanted + lost)
      found.push(`hook ${item.name} was made ${made.length} times for ${item.hooks.join(', ')}`);
    if (item.succeededGo && left.some(({ metadata }) => metadata.name === item.name && !metadata.deletionTimestamp))
      found.push(`hook ${item.name} is still there`);
  }
  for (const { metadata } of left) {
    if (metadata.finalizers?.includes(finalizers.hook)) found.push(`${metadata.name} is held by our finalizer`);
    const item = managed.find(({ name }) => name === metadata.name);
    if (item && goes(item)) found.push(`${item.name} was left`);
  }
  return found;
}
