import { type ApplicationSource, normalizeRepoURL } from '@plumbline/apis';
import type { LoadedTarget } from '../app-runtime.ts';
import type { SharedObject } from '../compare/compare-state.ts';
import { neighbours, type OtherApplications, type Owner, renders } from '../operation/hand-over.ts';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { sharedDefinitions } from './shared-definitions.ts';

const type = 'SharedResourceWarning';
/** Two Applications that see different revisions may be of different minds about an object for this time, ms. */
export const moveMs = 8_000;

/** An object of two Applications; `owner` is the other one, as far as the controller knows it. */
export interface Claim extends SharedObject {
  owner: Owner | undefined;
}

/**
 * Warnings of objects that belong to another Application as well. That is certain where both render the object at the same
 * revision, or from different places. Where one of them does not, or not yet, the object may be on its way from one to the
 * other, by one commit that they see one after the other: that is told when it lasts.
 */
export function sharedResources(pass: Pass, others: OtherApplications): Pass['findings'] {
  const claims = claimsOf(pass, others);
  const { sharedSince } = pass.runtime;
  const shown = new Set((pass.app.status?.conditions ?? []).filter((item) => item.type === type).map(messageOf));
  const now = pass.steady();
  const since = new Map(claims.map(({ message }) => [message, sharedSince.get(message) ?? now]));
  pass.runtime.sharedSince = since;
  const leftOf = ({ message }: Claim) => moveMs - (now - (since.get(message) ?? now));
  const isCertain = (claim: Claim) => shown.has(claim.message) || leftOf(claim) <= 0 || contradicts(pass, claim);
  const moving = claims.filter((claim) => !isCertain(claim));
  const first = moving.filter(({ message }) => !sharedSince.has(message));
  for (const key of new Set(first.flatMap(({ owner }) => owner?.key ?? []))) others.refresh(key);
  if (moving.length > 0) pass.later.push({ level: levels.compare, ms: Math.min(...moving.map(leftOf)) });
  return claims.filter((claim) => !moving.includes(claim)).map(({ message }) => ({ type, message }));
}

const messageOf = ({ message }: { message?: string }): string => message ?? '';

/** Live objects that are marked as another's; and definitions, which carry no mark, so that the sources tell. */
function claimsOf(pass: Pass, others: OtherApplications): Claim[] {
  const marked = pass.comparison?.shared ?? [];
  const owners = marked.length > 0 ? neighbours(pass, others) : [];
  return [
    ...marked.map((item) => ({
      ...item,
      owner: owners.find(({ target }) => target.facts.application === item.application),
    })),
    ...sharedDefinitions(pass, others),
  ];
}

/** Whether there is no doubt that the other Application means to have the object, too. */
function contradicts(pass: Pass, { key, application, owner }: Claim): boolean {
  if (!owner) return pass.exists?.(application) === false;
  return renders(owner.target.state, key) && !isOutOfStep(pass, owner.target);
}

/** Whether two Applications follow the same branch, or the same chart, and know different revisions of it. */
function isOutOfStep({ sources, target }: Pass, other: LoadedTarget): boolean {
  const follows = ({ repoURL, chart = '', targetRevision }: ApplicationSource) =>
    `${normalizeRepoURL(repoURL)} ${chart} ${targetRevision || 'HEAD'}`;
  const known = new Map(sources.map((source, index) => [follows(source), target?.revisions[index]]));
  return other.sources.some((source, index) => {
    const revision = known.get(follows(source));
    return revision !== undefined && revision !== other.state.revisions[index];
  });
}
