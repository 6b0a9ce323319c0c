import { type ExplainedDifference, explainCounted, ourApply } from '@plumbline/diff';
import { keyString } from '@plumbline/manifests';
import type { ResourceState } from '../compare/compare-state.ts';
import type { Fight, Overwrite } from '../compare/fight-monitor.ts';
import { fieldManager } from '../field-manager.ts';
import type { Pass } from '../pass.ts';

/** Classes of differences that are somebody else's doing. */
const foreign: ReadonlySet<ExplainedDifference['class']> = new Set([
  'rival-manager',
  'human-edit',
  'webhook-or-controller',
  'normal-form',
]);

/** Notes what others have written over, and names the fields that flip again and again. */
export function fightFindings(pass: Pass): Pass['findings'] {
  const { fights } = pass.runtime;
  const now = pass.startedAt.getTime();
  fights.observe((pass.comparison?.resources ?? []).flatMap(overwrites), now);
  return fights.fights(now).map((fight) => ({ type: 'FightWarning', message: messageOf(fight) }));
}

function overwrites({ key, status, liveObject: live, comparison, hook }: ResourceState): Overwrite[] {
  if (status !== 'OutOfSync' || hook || !live || !comparison) return [];
  const appliedAt = ourApply(live, fieldManager)?.time ?? '';
  return explainCounted({ live, comparison, manager: fieldManager })
    .filter((difference) => foreign.has(difference.class))
    .map(({ path, manager, rule, class: cause }) => ({
      object: keyString(key),
      path,
      manager: manager ?? (cause === 'webhook-or-controller' ? 'an admission webhook' : 'somebody'),
      appliedAt,
      rule,
    }));
}

function messageOf({ object, path, manager, flips, rule }: Fight): string {
  const ignore = rule ? `, or ignore it: ${JSON.stringify(rule)} in spec.ignoreDifferences` : '';
  return `${manager} and ${fieldManager} write ${path} of ${object} over each other (${flips} times). Syncs of it are slowed down. Take the field out of the source${ignore}`;
}
