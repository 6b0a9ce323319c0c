import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGitBackend, createMirrors, type RepositoryAccess } from '@plumbline/git';
import { type KubeObject, parseManifests } from '@plumbline/manifests';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import type { BaseRepositories } from '../types.ts';
import type { Rig } from './rig.ts';

/** Repositories as a repo-server opens them. */
export interface Bases extends BaseRepositories, AsyncDisposable {}

/** @param access how each repository is reached. */
export function openBases(rig: Rig, access: (url: string) => RepositoryAccess): Bases {
  const mirrors = createMirrors({
    backend: createGitBackend({ logger: silentLogger, metrics: createMetrics({ processMetrics: false }) }),
    folder: join(rig.folder, 'bases'),
    logger: silentLogger,
  });
  return {
    async resolve({ url, ref }) {
      const mirror = await mirrors.get(access(url));
      return (await mirror.resolve(ref)).commit;
    },
    async open({ url, commit }) {
      const mirror = await mirrors.get(access(url));
      await mirror.ensureCommit(commit);
      return mirror;
    },
    [Symbol.asyncDispose]: () => mirrors.close(),
  };
}

/** What `kustomize build` gives by itself in the repository's work tree, with the network and these variables. */
export async function bareBuild(
  rig: Rig,
  path: string,
  { env = {}, args = [] }: { env?: Record<string, string>; args?: readonly string[] } = {},
): Promise<KubeObject[]> {
  const { stdout } = await promisify(execFile)(
    rig.tools.kustomize,
    ['build', join(rig.repository.folder, path), ...args],
    { env: { PATH: process.env['PATH'] ?? '', HOME: rig.folder, ...env } },
  );
  return parseManifests(stdout, { file: 'kustomize', strict: true }).objects;
}
