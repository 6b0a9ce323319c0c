import { parseArgs } from 'node:util';
import { needsFleet, type WorkloadName, workloads } from './workloads/index.ts';

export interface BenchOptions {
  apps: number;
  helm: number;
  /** ConfigMaps of the big application. */
  big: number;
  drifts: number;
  /** Commits of the workload `commit-one`. */
  rounds: number;
  /** Longest wait for one state, ms. */
  timeoutMs: number;
  workloads: readonly WorkloadName[];
  /** Start an engine on this cluster rather than on an embedded control plane. */
  kubeconfig: string | undefined;
  /** Measure the running engine that this file describes. */
  readyFile: string | undefined;
  /** Where the raw figures go. */
  json: string | undefined;
}

export const usage = `Usage: node e2e/bench/main.ts [options]

  --workload <names>   of ${Object.keys(workloads).join(', ')}; default: all
  --apps <n>           Kustomize applications (100)
  --helm <n>           Helm applications (50)
  --big <n>            ConfigMaps of the big application (1000)
  --drifts <n>         fields to change (20)
  --rounds <n>         commits (3)
  --timeout <s>        longest wait for one state (600)
  --kubeconfig <file>  start an engine on this cluster; default: an embedded control plane
  --ready-file <file>  measure the running engine of this ready file
  --json <file>        write the raw figures`;

/** What was typed is wrong; the message says what. */
export class UsageError extends Error {}

const flags = {
  workload: { type: 'string' },
  apps: { type: 'string', default: '100' },
  helm: { type: 'string', default: '50' },
  big: { type: 'string', default: '1000' },
  drifts: { type: 'string', default: '20' },
  rounds: { type: 'string', default: '3' },
  timeout: { type: 'string', default: '600' },
  kubeconfig: { type: 'string' },
  'ready-file': { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. `undefined` = help was asked for. Throws {@link UsageError}. */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const count = (name: 'apps' | 'helm' | 'big' | 'drifts' | 'rounds' | 'timeout') => positive(name, values[name]);
  return {
    apps: count('apps'),
    helm: count('helm'),
    big: count('big'),
    drifts: count('drifts'),
    rounds: count('rounds'),
    timeoutMs: count('timeout') * 1000,
    workloads: workloadNames(values.workload),
    kubeconfig: values.kubeconfig,
    readyFile: values['ready-file'],
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} is ${text}, not a whole number above 0`);
  return value;
}

function workloadNames(text: string | undefined): WorkloadName[] {
  const all = Object.keys(workloads) as WorkloadName[];
  if (text === undefined) return all;
  const asked = text.split(',');
  const unknown = asked.filter((name) => !all.includes(name as WorkloadName));
  if (unknown.length > 0) throw new UsageError(`unknown workload ${unknown.join(', ')}; there are ${all.join(', ')}`);
  const wanted = all.filter((name) => asked.includes(name));
  const lacking = wanted.find((name) => needsFleet.includes(name));
  if (lacking && !wanted.includes('first-sync')) throw new UsageError(`${lacking} needs first-sync before it`);
  return wanted;
}
