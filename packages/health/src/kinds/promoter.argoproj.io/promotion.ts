import { type Fields, listAt, textAt } from '../../read.ts';
import type { Step } from '../../steps.ts';
import type { HealthStatus } from '../../types.ts';
import { healthy, progressing } from '../../verdict.ts';

const short = (commit: string) => commit.slice(0, 7);

/** The commit that is proposed: a note of the hydrator is newer than what the branch says. */
function proposedIn(environment: Fields): string {
  return textAt(environment, 'proposed', 'note', 'drySha') || textAt(environment, 'proposed', 'dry', 'sha');
}

/** Names of checks by what they say, those that passed left out. */
function openChecks(environment: Fields, side: 'active' | 'proposed'): string {
  const checks = listAt(environment, side, 'commitStatuses').filter((entry) => textAt(entry, 'phase') !== 'success');
  return checks.map((entry) => `${textAt(entry, 'key')} ${textAt(entry, 'phase')}`).join(', ');
}

/** A promotion is under way while what is proposed is not what is active. */
function underWay(environment: Fields): HealthStatus | undefined {
  const from = textAt(environment, 'active', 'dry', 'sha');
  const to = textAt(environment, 'proposed', 'dry', 'sha');
  if (from === to) return undefined;
  const open = openChecks(environment, 'proposed');
  const where = textAt(environment, 'branch');
  return progressing(
    `Promotion${where ? ` of ${where}` : ''} from ${short(from)} to ${short(to)}${open ? `: ${open}` : ''}`,
  );
}

/** How far environments are; checks that fail on what is active already are told, but do no harm. */
export function promotion(environments: readonly Fields[]): HealthStatus {
  const unknownIn = environments.find((entry) => !textAt(entry, 'active', 'dry', 'sha') || !proposedIn(entry));
  if (unknownIn) return progressing(`Waiting for the commits${ofBranch(unknownIn)}`);
  const waiting = environments.map(underWay).find((verdict) => verdict !== undefined);
  if (waiting) return waiting;
  const open = environments.map((entry) => openChecks(entry, 'active')).filter(Boolean);
  return healthy(open.length > 0 ? `Up to date; not passed: ${open.join(', ')}` : 'Up to date');
}

function ofBranch(environment: Fields): string {
  const branch = textAt(environment, 'branch');
  return branch ? ` of ${branch}` : '';
}

/** The same over all environments, which are to be offered one commit. */
export const isPromoting: Step = (object) => {
  const environments = listAt(object, 'status', 'environments');
  const known = environments.every((entry) => textAt(entry, 'active', 'dry', 'sha') && proposedIn(entry));
  const offered = new Set(environments.map(proposedIn));
  if (known && offered.size > 1) return progressing('Waiting for one commit to be proposed everywhere');
  return promotion(environments);
};
