import { hasCode } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import type { RemoteRefs, RepositoryPort } from '../repository-port.ts';
import { createSingleFlight } from './single-flight.ts';

export interface Repair {
  /** Runs the work; where damage of the mirror explains its failure, rebuilds the mirror and runs it once more. */
  guard<T>(work: () => Promise<T>): Promise<T>;
  /** Checks the mirror and rebuilds it when it is damaged. True when it was rebuilt. */
  attempt(): Promise<boolean>;
}

interface RepairOptions {
  port: RepositoryPort;
  logger: Logger;
  /** A look at the remote. */
  look(): Promise<RemoteRefs>;
  /** Commits that a rebuild brings back by id. */
  pinned: ReadonlySet<string>;
  onRebuilt(): void;
  /** Least time (ms) between two checks or rebuilds. Default 60,000. */
  pauseMs?: number;
  now?: () => number;
}

/** Brings back what no ref leads to; a commit that the remote has no more is told, and left out. */
async function fetchPinned({ port, logger, pinned }: RepairOptions): Promise<void> {
  for (const commit of pinned) {
    await port.fetchCommit(commit).catch((error: unknown) => {
      logger.warn('A commit did not come back', { repository: port.url, commit, error });
    });
  }
}

/** Rebuilds of one mirror: no two at a time, and none sooner than the pause after the one before. */
function createRebuilds(options: RepairOptions, { pauseMs, now }: { pauseMs: number; now(): number }) {
  const { port, logger, look, onRebuilt } = options;
  let rebuiltAt = Number.NEGATIVE_INFINITY;
  let count = 0;
  const rebuild = async (): Promise<boolean> => {
    if (now() - rebuiltAt < pauseMs) return false;
    logger.warn('Rebuilding a damaged mirror', { repository: port.url });
    await port.rebuild(await look());
    rebuiltAt = now();
    count++;
    onRebuilt();
    await fetchPinned(options);
    return true;
  };
  const { current, next } = createSingleFlight(rebuild);
  return { count: () => count, underWay: current, run: () => current() ?? next() };
}

/**
 * Heals a damaged mirror by itself: once per pause, so that a disk that keeps breaking ends in an error and not in an
 * endless download.
 */
export function createRepair(options: RepairOptions): Repair {
  const { port, pauseMs = 60_000, now = () => performance.now() } = options;
  const rebuilds = createRebuilds(options, { pauseMs, now });
  let checkedAt = Number.NEGATIVE_INFINITY;

  const attempt = async (): Promise<boolean> => {
    const underWay = rebuilds.underWay();
    if (underWay) return underWay;
    if (now() - checkedAt < pauseMs) return false;
    checkedAt = now();
    if (await port.intact()) return false;
    return rebuilds.run();
  };

  const heal = async (error: unknown, before: number): Promise<boolean> => {
    if (rebuilds.count() > before) return true;
    if (hasCode(error, 'GIT_OBJECT_NOT_FOUND')) return attempt();
    if (hasCode(error, 'GIT_MIRROR_BROKEN')) return rebuilds.run();
    return false;
  };

  return {
    attempt,
    async guard(work) {
      const before = rebuilds.count();
      try {
        return await work();
      } catch (error) {
        if (!(await heal(error, before))) throw error;
        return work();
      }
    },
  };
}
