import { connect } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { gitRepository } from '@plumbline/testing';
import { type Bench, createBench } from './bench.ts';
import { openEngine } from './engine.ts';
import type { Figures, Row } from './figures.ts';
import { writeBigFolder, writeChart, writeOverlay } from './fleet.ts';
import { createMeter } from './meter.ts';
import type { BenchOptions } from './options.ts';
import { workloads } from './workloads/index.ts';

/** Runs the workloads one after the other and tells each row as it comes. */
export async function runBench(options: BenchOptions, say: (line: string) => void): Promise<Figures> {
  say(options.readyFile ? `measuring the engine of ${options.readyFile}` : 'starting an engine');
  await using engine = await openEngine(options);
  const { kubeconfig, namespace: controlNamespace } = engine.ready;
  const client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => client.close());
  await using repository = await gitRepository();
  const meter = createMeter(engine.ready);
  const bench = createBench({ client, controlNamespace, repository, meter, options });
  cleanup.defer(async () => bench.watch.close());
  cleanup.defer(() => removeLeftovers(bench));
  await writeRepository(bench);
  return { apps: options.apps, ...(await runWorkloads(bench, say)) };
}

async function runWorkloads(bench: Bench, say: (line: string) => void): Promise<Omit<Figures, 'apps'>> {
  const rows: Row[] = [];
  let bare: number | undefined;
  for (const name of bench.options.workloads) {
    const result = await workloads[name](bench);
    bare = result.bare ?? bare;
    rows.push(...result.rows);
    for (const { title, cost } of result.rows) say(`${title}: ${cost.wall.toFixed(2)} s`);
  }
  return { rows, ...(bare === undefined ? {} : { bare }) };
}

async function writeRepository({ repository, names, namespace, options }: Bench): Promise<void> {
  for (const name of names) writeOverlay(repository, name, { namespace, image: '1.0' });
  writeChart(repository);
  writeBigFolder(repository, options.big);
  await repository.commit('the fleet');
}

/** Where the engine goes on running, nothing of the benchmark stays behind. */
async function removeLeftovers(bench: Bench): Promise<void> {
  if (!bench.options.readyFile && !bench.options.kubeconfig) return;
  await workloads.delete(bench);
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: bench.namespace };
  if (await bench.client.find(reference)) await bench.client.delete(reference, { propagationPolicy: 'Background' });
}
