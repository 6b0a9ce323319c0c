import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { Logger, Metrics } from '@plumbline/telemetry';
import { createGitMetrics } from './git-metrics.ts';
import { withLfs } from './lfs/with-lfs.ts';
import { createMirror } from './mirror/mirror.ts';
import { createObjectCache, type ObjectCacheOptions } from './mirror/object-cache.ts';
import { openNativePort } from './native/native-port.ts';
import type { RepositoryPort } from './repository-port.ts';
import { normaliseAccess, protocolOf } from './repository-url.ts';
import type { GitBackend, RepositoryAccess } from './types.ts';

export interface GitBackendOptions {
  /**
   * Default: `native` where the git program is there, else `isomorphic`. Native reads objects faster and holds no packs in
   * memory; isomorphic looks at remotes faster (figures in the README).
   */
  name?: GitBackend['name'];
  logger: Logger;
  metrics?: Metrics;
  /** The git program, a path or a name on PATH. Default `git`. */
  git?: string;
  /** How long (ms) a look at a remote may take. Default 10,000. */
  lookTimeoutMs?: number;
  /** How long (ms) a fetch may take; one that stands still ends after 15 s. Default 600,000. */
  fetchTimeoutMs?: number;
  /** After this time (ms) without reads a mirror's reading process ends. Default 30,000. */
  idleMs?: number;
  /** Bounds of the cache of trees and small blobs that all mirrors share. */
  cache?: ObjectCacheOptions;
}

/**
 * The oldest git that has `cat-file --batch-command` (2.36) and `http.curloptResolve` (2.37), without which it would connect
 * to other addresses than those that were judged.
 */
const leastVersion = [2, 37] as const;

/** Whether the git program can be run and is new enough. */
export function hasGit(git = 'git'): boolean {
  const { status, stdout } = spawnSync(git, ['version'], { encoding: 'utf8', timeout: 10_000 });
  const match = /version (\d+)\.(\d+)/.exec(stdout ?? '');
  if (status !== 0 || !match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > leastVersion[0] || (major === leastVersion[0] && minor >= leastVersion[1]);
}

/**
 * A way to talk to repositories. Throws `GIT_PROGRAM_MISSING` when `native` is asked for and there is no git of version 2.37
 * or later.
 */
export function createGitBackend(options: GitBackendOptions): GitBackend {
  const { git = 'git', logger, lookTimeoutMs = 10_000, fetchTimeoutMs = 600_000, idleMs = 30_000 } = options;
  const found = options.name === 'isomorphic' ? false : hasGit(git);
  if (options.name === 'native' && !found) {
    throw new PlumblineError('GIT_PROGRAM_MISSING', `the git program (${git}) is missing or older than 2.37`, {
      hint: 'install git, or use the isomorphic backend',
    });
  }
  const name = options.name ?? (found ? 'native' : 'isomorphic');
  const metrics = createGitMetrics(options.metrics);
  const cache = createObjectCache(options.cache);

  const openPort = async (access: RepositoryAccess, folder: string): Promise<RepositoryPort> => {
    switch (name) {
      case 'native':
        return openNativePort(access, folder, { git, lookTimeoutMs, fetchTimeoutMs, idleMs });
      case 'isomorphic': {
        // Loaded where it is used only: it takes 20 MB.
        const { openIsomorphicPort } = await import('./isomorphic/isomorphic-port.ts');
        return openIsomorphicPort(access, folder, { lookTimeoutMs, fetchTimeoutMs });
      }
    }
  };

  return {
    name,
    async open(given, folder) {
      const access = normaliseAccess(given);
      if (name === 'isomorphic' && protocolOf(access.url) === 'ssh') {
        throw new PlumblineError('GIT_PROTOCOL_UNSUPPORTED', `repository ${access.url}: ssh needs the git program`, {
          hint: 'install git and openssh-client, or use the https URL of the repository',
        });
      }
      const port = await openPort(access, folder);
      const mirror = createMirror({ port, cache: cache.scope(folder), metrics, logger });
      return access.enableLfs ? withLfs(mirror, { access, folder: join(folder, 'lfs') }) : mirror;
    },
  };
}
