import { randomBytes } from 'node:crypto';
import { applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import type { GitRepository } from '@plumbline/testing';
import { type ApplicationWatch, watchApplications } from './application-watch.ts';
import { eachLimited } from './each-limited.ts';
import { type ApplicationInput, applicationName, applicationOf, refreshPatch } from './fleet.ts';
import type { Meter } from './meter.ts';
import type { BenchOptions } from './options.ts';

/** Requests of the benchmark itself at one time, as in `floor`. */
export const writesAtOnce = 16;

interface BenchParts {
  client: KubeClient;
  /** Where the Applications live. */
  controlNamespace: string;
  repository: GitRepository;
  meter: Meter;
  options: BenchOptions;
}

/** What the workloads share: the cluster, the repository, the Applications and ways to act on them. */
export interface Bench extends BenchParts {
  readonly watch: ApplicationWatch;
  /** Where the objects of the Applications go. */
  readonly namespace: string;
  /** The fleet of Kustomize Applications. */
  readonly names: readonly string[];
  createApplication(input: Pick<ApplicationInput, 'name' | 'source'>): Promise<void>;
  /** Asks for refreshes and waits until all are done. */
  refresh(names: readonly string[], kind: 'normal' | 'hard'): Promise<void>;
  /** Asks for refreshes. */
  askForRefresh(names: readonly string[], kind: 'normal' | 'hard'): Promise<void>;
}

export function createBench(parts: BenchParts): Bench {
  const { client, controlNamespace, repository, options } = parts;
  const watch = watchApplications({ client, namespace: controlNamespace, timeoutMs: options.timeoutMs });
  const namespace = `bench-${randomBytes(3).toString('hex')}`;
  const reference = (name: string) =>
    ({ apiVersion: applicationApiVersion, kind: 'Application', namespace: controlNamespace, name }) as const;
  const askForRefresh: Bench['askForRefresh'] = (names, kind) =>
    eachLimited(names, writesAtOnce, async (name) => {
      const patched = await client.patch(reference(name), refreshPatch(kind), { type: 'merge' });
      watch.observe(patched as unknown as Parameters<typeof watch.observe>[0]);
    });
  return {
    ...parts,
    watch,
    namespace,
    names: Array.from({ length: options.apps }, (_, index) => applicationName(index)),
    createApplication: async (input) => {
      await client.create(applicationOf({ ...input, controlNamespace, namespace, repoURL: repository.url }));
    },
    askForRefresh,
    refresh: async (names, kind) => {
      await askForRefresh(names, kind);
      await watch.until(`${kind} refresh`, () => !names.some((name) => watch.isRefreshing(name)));
    },
  };
}
