import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '@plumbline/telemetry';
import { mirrorClosed } from './git-errors.ts';
import { normaliseAccess, repositoryDigest } from './repository-url.ts';
import { type AccessTokens, createAccessTokens } from './tokens/access-tokens.ts';
import type { GitBackend, Mirror, RepositoryAccess } from './types.ts';

export interface MirrorsOptions {
  backend: GitBackend;
  /** Holds one folder per repository (and depth), named by a digest of its URL. */
  folder: string;
  logger: Logger;
  /** Default: those of this process. */
  tokens?: AccessTokens;
}

/** The open mirrors of one process. */
export interface Mirrors {
  /**
   * The mirror for the repository and these credentials, opened on first use; simultaneous callers share the opening. Other
   * credentials get another mirror over the same files, which proves them at the remote before it serves anything.
   */
  get(access: RepositoryAccess): Promise<Mirror>;
  /** Closes all; later calls of `get` are rejected. */
  close(): Promise<void>;
}

function accessDigest(access: RepositoryAccess): string {
  const known = Object.entries(access)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(known)).digest('hex');
}

/**
 * What an identity's tokens opened, one key per token, by the access with the identity in it. A token lives for an hour, and
 * nobody works with the one before the last any more: `add` answers the key that is over thereby.
 */
function createGenerations() {
  const generations = new Map<string, readonly string[]>();
  return {
    add(family: string, key: string): string | undefined {
      const keys = generations.get(family) ?? [];
      if (keys.at(-1) === key) return undefined;
      const kept = [...keys.filter((other) => other !== key), key];
      generations.set(family, kept.slice(-2));
      return kept.length > 2 ? kept[0] : undefined;
    },
  };
}

/** One that could not be opened has nothing to close. */
async function closeOpened(opening: Promise<Mirror>): Promise<void> {
  const mirror = await opening.catch(() => undefined);
  await mirror?.close();
}

export function createMirrors({ backend, folder, logger, tokens = createAccessTokens() }: MirrorsOptions): Mirrors {
  const opened = new Map<string, Promise<Mirror>>();
  const generations = createGenerations();
  let closed = false;

  const open = (key: string, access: RepositoryAccess): Promise<Mirror> => {
    logger.debug('Opening a mirror', { repository: access.url, backend: backend.name });
    const shallow = access.depth ? `-depth-${access.depth}` : '';
    const mirror = backend.open(access, join(folder, `${repositoryDigest(access.url)}${shallow}`));
    opened.set(key, mirror);
    mirror.catch(() => opened.delete(key));
    return mirror;
  };

  const retire = (key: string): void => {
    const mirror = opened.get(key);
    opened.delete(key);
    if (mirror) void closeOpened(mirror);
  };

  return {
    async get(given) {
      const normal = normaliseAccess(given);
      if (closed) throw mirrorClosed(normal.url);
      const access = await tokens.exchange(normal);
      const key = accessDigest(access);
      const former = normal.githubApp || normal.cloud ? generations.add(accessDigest(normal), key) : undefined;
      if (former !== undefined) retire(former);
      if (closed) throw mirrorClosed(normal.url);
      return opened.get(key) ?? open(key, access);
    },
    async close() {
      closed = true;
      const mirrors = [...opened.values()];
      await Promise.allSettled(mirrors);
      opened.clear();
      await Promise.all(mirrors.map(closeOpened));
    },
  };
}
