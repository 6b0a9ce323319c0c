import type { Logger } from '@plumbline/telemetry';
import { objectNotFound, revisionNotFound } from '../git-errors.ts';
import type { GitMetrics } from '../git-metrics.ts';
import type { RepositoryPort } from '../repository-port.ts';
import type { Mirror, ObjectReader } from '../types.ts';
import { abortable } from './abortable.ts';
import { CommitSupply, type KnownCommits } from './commit-supply.ts';
import { MirrorRemote } from './mirror-remote.ts';
import type { RepositoryCache } from './object-cache.ts';
import { type CachedReader, createReader } from './object-reader.ts';
import { createRepair, type Repair } from './repair.ts';
import { isFullSha } from './resolve-revision.ts';
import { RevisionResolver } from './revision-resolver.ts';

interface MirrorOptions {
  port: RepositoryPort;
  cache: RepositoryCache;
  metrics: GitMetrics;
  logger: Logger;
  /** How long (ms) a look may hold up the callers that came after it began. Default 2,000. */
  patienceMs?: number;
}

interface Parts {
  port: RepositoryPort;
  remote: MirrorRemote;
  repair: Repair;
  reader: CachedReader;
  resolver: RevisionResolver;
}

function createParts({ port, cache, metrics, logger, patienceMs = 2000 }: MirrorOptions): Parts {
  const { url } = port;
  const known: KnownCommits = { present: new Set(), pinned: new Set() };
  const remote = new MirrorRemote({ port, metrics, patienceMs });
  const repair = createRepair({
    port,
    logger,
    look: () => remote.refs(),
    pinned: known.pinned,
    onRebuilt: () => known.present.clear(),
  });
  const reader = createReader(
    { url, read: (oid) => repair.guard(() => port.read(oid)), info: (oid) => repair.guard(() => port.info(oid)) },
    cache,
  );
  const commits = new CommitSupply({ port, remote, repair, known });
  return { port, remote, repair, reader, resolver: new RevisionResolver({ url, remote, commits }) };
}

/** Short names of the tags at a commit, as the last look saw them. */
async function tagsAt(remote: MirrorRemote, commit: string): Promise<string[]> {
  const { refs } = await remote.lastRefs();
  const tags = [...refs].filter(([ref, target]) => target === commit && ref.startsWith('refs/tags/'));
  return tags.map(([ref]) => ref.slice('refs/tags/'.length)).sort();
}

function objects({ remote, reader }: Parts): ObjectReader {
  const { rootTree, readTree, readBlob, blobSize } = reader;
  return {
    rootTree,
    readTree,
    readBlob,
    blobSize,
    async commitInfo(commit) {
      const [info, tags] = await Promise.all([reader.commit(commit), tagsAt(remote, commit)]);
      return { ...info, tags };
    },
  };
}

/** A mirror over a backend's port: shares looks and fetches, resolves, caches, repairs. */
export function createMirror(options: MirrorOptions): Mirror {
  const parts = createParts(options);
  const { port, remote, repair, resolver } = parts;
  const { url } = port;
  return {
    url,
    ...objects(parts),
    resolve: (revision, { tagPrefix, signal } = {}) => abortable(resolver.resolve(revision.trim(), tagPrefix), signal),
    async ensureCommit(commit, { signal } = {}) {
      if (!isFullSha(commit)) throw revisionNotFound(url, commit, 'it is not a full commit id');
      await abortable(resolver.resolve(commit), signal);
    },
    async listRefs({ signal } = {}) {
      const { refs } = await abortable(remote.refsFor(''), signal);
      return new Map(refs);
    },
    async readSigned(oid) {
      const { type, content } = await repair.guard(() => port.read(oid));
      if (type !== 'commit' && type !== 'tag') throw objectNotFound(url, oid, `is a ${type}, neither commit nor tag,`);
      return { type, content };
    },
    shallowCommits: () => port.shallowCommits(),
    async close() {
      if (remote.close()) await port.close();
    },
  };
}
