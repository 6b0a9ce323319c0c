import { connect } from '@plumbline/cluster';
import type { ReadyFile } from '@plumbline/standalone';
import { silentLogger } from '@plumbline/telemetry';
import { gitRepository } from '@plumbline/testing';
import { type Bench, createBench } from './bench.ts';
import { openEngine } from './engine.ts';
import { writeBigFolder, writeChart, writeOverlay } from './fleet.ts';
import { createMeter } from './meter.ts';
import type { BenchOptions } from './options.ts';
import { deletion } from './workloads/fleet-workloads.ts';

/** A benchmark and the engine that it measures. */
interface OpenedBench extends AsyncDisposable {
  bench: Bench;
  ready: ReadyFile;
}

/** An engine, a repository with all that the workloads deploy, and nothing left of both once it is disposed of. */
export async function openBench(options: BenchOptions): Promise<OpenedBench> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await openEngine(options));
  const { kubeconfig, namespace: controlNamespace } = engine.ready;
  const client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  opened.defer(() => client.close());
  const repository = opened.use(await gitRepository());
  const meter = createMeter(engine.ready);
  const bench = createBench({ client, controlNamespace, repository, meter, options });
  opened.defer(async () => bench.watch.close());
  opened.defer(() => removeLeftovers(bench));
  await writeRepository(bench);
  const resources = opened.move();
  return { bench, ready: engine.ready, [Symbol.asyncDispose]: () => resources.disposeAsync() };
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
  await deletion(bench);
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: bench.namespace };
  if (await bench.client.find(reference)) await bench.client.delete(reference, { propagationPolicy: 'Background' });
}
