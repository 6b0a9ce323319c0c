import { type Application, normalizeRepoURL } from '@plumbline/apis';
import type { Pass } from '../pass.ts';
import type { OtherApplications } from './hand-over.ts';

/** What is going to be deleted, and since when that is known. */
export interface MoveQuestion {
  others: OtherApplications;
  /** Who has resolved its sources since then has answered; ms since the epoch. */
  since: number;
  /** The revisions that are synced, by source; absent where nobody has looked for newer ones. */
  revisions?: readonly string[];
  /** Where the objects lie. */
  namespaces: ReadonlySet<string>;
}

/** Of other repositories, and of those that nothing points at, not more are asked. */
const fewEnough = 20;

interface Member {
  key: string;
  revision: string | undefined;
  resolvedAt: number;
  near: boolean;
}

/**
 * The Applications that may render what is going to be deleted, and have not looked since: those of the same
 * repositories that do not know the newest revision, those of other repositories that deploy to the same namespaces, and
 * those that nobody has looked at yet.
 */
export function othersToAsk(pass: Pass, question: MoveQuestion): string[] {
  const { others, since, revisions, namespaces } = question;
  const wanted = new Map(pass.sources.map(({ repoURL }, index) => [normalizeRepoURL(repoURL), revisions?.[index]]));
  const asked = new Set(others.unseen?.(pass.app) ?? []);
  const neighbours: string[] = [];
  const branches = new Map<string, Member[]>();
  for (const [key, { target, resolvedAt }] of others.runtimes()) {
    if (key === pass.key || !target || target.server !== pass.destination?.server) continue;
    const near = namespaces.has(target.facts.namespace);
    let shares = false;
    for (const [index, { repoURL, targetRevision = '' }] of target.sources.entries()) {
      const repository = normalizeRepoURL(repoURL);
      if (!wanted.has(repository)) continue;
      shares = true;
      const revision = target.state.revisions[index];
      const newest = wanted.get(repository);
      if (newest === undefined) {
        const branch = `${repository} ${targetRevision}`;
        branches.set(branch, [...(branches.get(branch) ?? []), { key, revision, resolvedAt, near }]);
      } else if (revision !== newest && resolvedAt < since) asked.add(key);
    }
    if (!shares && near && resolvedAt < since) neighbours.push(key);
  }
  for (const members of branches.values()) for (const key of behind(members, since)) asked.add(key);
  if (neighbours.length <= fewEnough) for (const key of neighbours) asked.add(key);
  return [...asked].filter((key) => others.answers?.(key) ?? true);
}

/** Where nobody knows what is newest, one says it for all; then those are asked that have another revision. */
function behind(all: readonly Member[], since: number): string[] {
  const members = all.length <= fewEnough ? all : all.filter(({ near }) => near);
  const fresh = new Set(members.filter(({ resolvedAt }) => resolvedAt >= since).map(({ revision }) => revision));
  const stale = members.filter(({ resolvedAt, revision }) => resolvedAt < since && !fresh.has(revision));
  return stale.slice(0, fresh.size === 0 ? 1 : undefined).map(({ key }) => key);
}

/**
 * Those that may deploy to the same cluster as the given one and that nobody has looked at yet: they are new, or the
 * controller is. What is known to be in error is not waited for.
 */
export function unseenAmong(
  applications: Iterable<Application>,
  app: Application,
  hasLooked: (app: Application) => boolean,
): Application[] {
  return [...applications].filter(
    (other) =>
      other.metadata.uid !== app.metadata.uid &&
      other.spec.destination.server === app.spec.destination.server &&
      other.spec.destination.name === app.spec.destination.name &&
      !(other.status?.conditions ?? []).some(({ type }) => type.endsWith('Error')) &&
      !hasLooked(other),
  );
}
