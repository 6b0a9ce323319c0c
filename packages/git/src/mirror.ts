import type { Logger } from '@plumbline/telemetry';
import { abortable } from './abortable.ts';
import { mirrorClosed, objectNotFound, revisionNotFound } from './git-errors.ts';
import type { GitMetrics, GitRequestType } from './git-metrics.ts';
import type { RepositoryCache } from './object-cache.ts';
import { createReader } from './object-reader.ts';
import { createRepair } from './repair.ts';
import type { RemoteRefs, RepositoryPort } from './repository-port.ts';
import { completeByRefs, isFullSha, type RefAnswer, resolveByRefs } from './resolve-revision.ts';
import { createSingleFlight } from './single-flight.ts';
import type { CommitInfo, Mirror, ResolvedRevision } from './types.ts';

export interface MirrorOptions {
  port: RepositoryPort;
  cache: RepositoryCache;
  metrics: GitMetrics;
  logger: Logger;
  /** How long (ms) a look may hold up the callers that came after it began. Default 2,000. */
  patienceMs?: number;
}

/** A burst of refreshes shares a look; nobody waits noticeably longer, and each look costs processes or requests. */
const lookSpacingMs = 75;

/** Known commits beyond this number are forgotten and asked for again. */
const knownLimit = 20_000;

/** A mirror over a backend's port: shares looks and fetches, resolves, caches, repairs. */
export function createMirror(options: MirrorOptions): Mirror {
  const { port, cache, metrics, logger } = options;
  const { url } = port;
  /** Commits seen here, with all they reach. */
  const known = new Set<string>();
  /** Commits brought by id: no ref would bring them back after a rebuild. */
  const pinned = new Set<string>();
  let lastRefs: RemoteRefs | undefined;
  /** Looks may overlap; what a later one saw is never replaced by what an earlier one did. */
  let looksBegun = 0;
  let lastLook = 0;
  let closed = false;

  const open = (): void => {
    if (closed) throw mirrorClosed(url);
  };

  const looks = createSingleFlight(
    async () => {
      open();
      const look = ++looksBegun;
      const refs = await metrics.request(url, 'ls-remote', () => port.look());
      if (look > lastLook) {
        lastLook = look;
        lastRefs = refs;
      }
      return refs;
    },
    { patienceMs: options.patienceMs ?? 2000, spacingMs: lookSpacingMs },
  );
  const fetches = createSingleFlight(async () => {
    open();
    const refs = lastRefs ?? (await looks.next());
    await metrics.request(url, 'fetch', () => port.fetchAll(refs));
  });
  const repair = createRepair({ port, logger, look: () => looks.next(), pinned, onRebuilt: () => known.clear() });
  const reader = createReader(
    { url, read: (oid) => repair.guard(() => port.read(oid)), info: (oid) => repair.guard(() => port.info(oid)) },
    cache,
  );

  const count = async <T>(type: GitRequestType, revision: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      metrics.failed(url, type, revision);
      throw error;
    }
  };
  const look = (revision: string): Promise<RemoteRefs> => count('ls-remote', revision, looks.next());

  /** A look has been answered at least once: these credentials may read what the mirror already holds. */
  const proveAccess = async (revision: string): Promise<RemoteRefs> => lastRefs ?? look(revision);

  const here = async (id: string): Promise<string | undefined> => {
    if (known.has(id)) return id;
    const commit = await repair.guard(() => port.findCommit(id));
    if (commit === undefined) return undefined;
    if (known.size >= knownLimit) known.clear();
    known.add(commit);
    return commit;
  };

  const fetchUntil = async (id: string): Promise<string | undefined> => {
    const underWay = fetches.current();
    if (underWay) {
      await underWay.catch(() => {});
      const found = await here(id);
      if (found !== undefined) return found;
    }
    await repair.guard(() => fetches.next());
    return here(id);
  };

  const pin = async (commit: string, revision: string): Promise<string> => {
    await metrics.request(url, 'fetch', () => repair.guard(() => port.fetchCommit(commit)));
    pinned.add(commit);
    const found = await here(commit);
    if (found === undefined) throw revisionNotFound(url, revision, 'the id is not of a commit');
    return found;
  };

  /** Brings a commit; returns it with tags peeled. */
  const bring = async (commit: string, revision: string, reached: boolean): Promise<string> => {
    const present = await here(commit);
    if (present !== undefined) return present;
    return count(
      'fetch',
      revision,
      (async () => {
        const found = await fetchUntil(commit);
        if (found !== undefined) return found;
        if (reached && (await repair.attempt())) {
          const repaired = await here(commit);
          if (repaired !== undefined) return repaired;
        }
        return pin(commit, revision);
      })(),
    );
  };

  const complete = async (prefix: string, remote: RemoteRefs): Promise<ResolvedRevision> => {
    const tip = completeByRefs(prefix, remote);
    if (tip !== undefined) return { commit: await bring(tip, prefix, true) };
    const commit = (await here(prefix)) ?? (await count('fetch', prefix, fetchUntil(prefix)));
    if (commit === undefined)
      throw revisionNotFound(url, prefix, 'no branch, tag or commit, or more than one, begins so');
    return { commit };
  };

  const resolve = async (revision: string, tagPrefix: string | undefined): Promise<ResolvedRevision> => {
    open();
    if (isFullSha(revision)) {
      const sha = revision.toLowerCase();
      await proveAccess(sha);
      return { commit: await bring(sha, sha, false) };
    }
    const remote = await look(revision);
    const answer: RefAnswer = resolveByRefs(revision, remote, { url, tagPrefix });
    if (answer.kind === 'abbreviation') return complete(answer.prefix, remote);
    const reached = /^refs\/(heads|tags)\//.test(answer.ref ?? '');
    const commit = await bring(answer.commit, revision, reached);
    const { ref, tag } = answer;
    return { commit, ...(ref === undefined ? {} : { ref }), ...(tag === undefined ? {} : { tag }) };
  };

  const tagsAt = async (commit: string): Promise<string[]> => {
    const { refs } = lastRefs ?? (await looks.next());
    const tags = [...refs].filter(([ref, target]) => target === commit && ref.startsWith('refs/tags/'));
    return tags.map(([ref]) => ref.slice('refs/tags/'.length)).sort();
  };

  return {
    url,
    resolve: (revision, { tagPrefix, signal } = {}) => abortable(resolve(revision.trim(), tagPrefix), signal),
    ensureCommit: (commit, { signal } = {}) => {
      if (!isFullSha(commit)) return Promise.reject(revisionNotFound(url, commit, 'it is not a full commit id'));
      return abortable(
        resolve(commit, undefined).then(() => {}),
        signal,
      );
    },
    listRefs: ({ signal } = {}) =>
      abortable(
        look('').then(({ refs }) => new Map(refs)),
        signal,
      ),
    async readSigned(oid) {
      const { type, content } = await repair.guard(() => port.read(oid));
      if (type !== 'commit' && type !== 'tag') throw objectNotFound(url, oid, `is a ${type}, neither commit nor tag,`);
      return { type, content };
    },
    shallowCommits: () => port.shallowCommits(),
    rootTree: reader.rootTree,
    readTree: reader.readTree,
    readBlob: reader.readBlob,
    blobSize: reader.blobSize,
    async commitInfo(commit): Promise<CommitInfo> {
      const [info, tags] = await Promise.all([reader.commit(commit), tagsAt(commit)]);
      return { ...info, tags };
    },
    async close() {
      if (closed) return;
      closed = true;
      await port.close();
    },
  };
}
