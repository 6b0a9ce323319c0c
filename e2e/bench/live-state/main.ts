import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, writesAtOnce } from '../bench.ts';
import { eachLimited } from '../each-limited.ts';
import type { Cost } from '../figures.ts';
import { openBench } from '../open-bench.ts';
import { parseOptions } from '../options.ts';
import { table } from '../table.ts';
import { firstSync } from '../workloads/fleet-workloads.ts';
import { floor } from '../workloads/floor.ts';
import { podEventCost } from './pod-events.ts';

const refreshes = 10;
const unmanaged = 20_000;
const idleMs = 30_000;
/** After a burst, until caches and the collector have settled. */
const settleMs = 10_000;
const big = 'bench-big';

type Line = [what: string, figure: string, goal: string];

/** What one refresh of the big Application costs on average. */
async function refreshCost({ meter, refresh }: Bench): Promise<Required<Cost>> {
  await refresh([big], 'normal');
  const cost = await meter(async () => {
    for (let round = 0; round < refreshes; round += 1) await refresh([big], 'normal');
  });
  const kubeRequests = new Map([...cost.kubeRequests].map(([verb, count]) => [verb, count / refreshes]));
  return { ...cost, wall: cost.wall / refreshes, cpu: cost.cpu / refreshes, kubeRequests };
}

/** Objects that nobody manages, in a namespace of their own. */
async function addUnmanaged({ client, namespace }: Bench): Promise<void> {
  const own = `${namespace}-unmanaged`;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: own } });
  const body = randomBytes(1_000).toString('hex');
  const indexes = Array.from({ length: unmanaged }, (_, index) => index);
  await eachLimited(indexes, writesAtOnce, (index) =>
    client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `map-${index}`, namespace: own },
      data: { body },
    }),
  );
}

const requestsOf = ({ kubeRequests }: Required<Cost>): string =>
  [...kubeRequests].map(([verb, count]) => `${count.toFixed(1)} ${verb}`).join(', ') || 'none';

async function measure(bench: Bench): Promise<Line[]> {
  const { rows } = await floor(bench);
  const unit = rows[0]?.cost.wall ?? Number.NaN;
  const inFloors = (seconds: number): string => `${(seconds / unit).toFixed(3)} F`;
  await firstSync(bench);
  await bench.createApplication({ name: big, source: { path: 'big' } });
  await bench.watch.until('the big application', () => bench.watch.isSynced(big));
  await pause(settleMs);
  const idle = await bench.meter(() => pause(idleMs));
  const noop = await refreshCost(bench);
  const fleetRefresh = await bench.meter(() => bench.refresh(bench.names, 'normal'));
  const [small = ''] = bench.names;
  const ofSmall = await podEventCost(bench, small);
  const ofBig = await podEventCost(bench, big);
  await addUnmanaged(bench);
  await pause(settleMs);
  const crowded = await refreshCost(bench);
  const growth = ((crowded.memory - noop.memory) * 1024) / unmanaged;
  const fleet = `${bench.names.length} applications`;
  return [
    [`idle with ${fleet}, share of a core`, `${((idle.cpu / idle.wall) * 100).toFixed(1)} %`, '< 2 %'],
    [`no-op refresh of ${bench.options.big} objects, CPU`, inFloors(noop.cpu), '≤ 0.03 F'],
    ['… API requests', requestsOf(noop), 'the status patch'],
    [`refresh of all ${fleet}, CPU`, inFloors(fleetRefresh.cpu), '≤ 0.25 F'],
    ['a pod event in an application of few objects, CPU', `${(ofSmall.cpu * 1000).toFixed(1)} ms`, ''],
    [`… of ${bench.options.big} objects, CPU`, `${(ofBig.cpu / ofSmall.cpu).toFixed(2)} ×`, '1 ×'],
    ['… Redis bytes', `${(ofBig.redisBytes / ofSmall.redisBytes).toFixed(2)} ×`, '1 ×'],
    [`… beside ${unmanaged} unmanaged objects, CPU`, `${(crowded.cpu / noop.cpu).toFixed(2)} ×`, '1 ×'],
    ['memory per unmanaged object of 2 KB', `${growth.toFixed(2)} KiB`, '≤ 1 KiB'],
  ];
}

async function main(): Promise<void> {
  const options = parseOptions(['--apps', '200', ...process.argv.slice(2)]);
  if (!options) return;
  await using opened = await openBench(options);
  console.log(table([['live state', 'measured', 'goal'], ...(await measure(opened.bench))]));
}

await main();
