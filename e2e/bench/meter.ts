import { setTimeout as pause } from 'node:timers/promises';
import type { ReadyFile } from '@plumbline/standalone';
import { kubeRequests } from './engine-metrics.ts';
import type { Cost } from './figures.ts';
import { type ProcessSet, processCosts } from './process-costs.ts';
import { redisTraffic } from './redis-traffic.ts';
import { growth } from './statistics.ts';

/** What a workload sets off ends a little later: status of children, caches, trees. */
const settleMs = 500;

/** Measures what the engine spends on a piece of work. */
export type Meter = (work: () => Promise<void>) => Promise<Required<Cost>>;

/** A meter of the engine that a ready file describes. The control plane's processes never count. */
export function createMeter(ready: ReadyFile): Meter {
  const set: ProcessSet = { roots: ready.pids.engine, except: ready.pids.controlPlane };
  const readings = async () => ({
    processes: await processCosts(set),
    requests: await kubeRequests(Object.values(ready.metricsUrls)),
    redis: await redisTraffic(ready.redisUrl),
  });
  return async (work) => {
    const before = await readings();
    const started = performance.now();
    await work();
    const wall = (performance.now() - started) / 1000;
    await pause(settleMs);
    const after = await readings();
    return {
      wall,
      cpu: after.processes.cpu - before.processes.cpu,
      memory: after.processes.memory,
      kubeRequests: growth(before.requests, after.requests),
      redisBytes: after.redis - before.redis,
    };
  };
}
