import { annotations } from '@plumbline/apis';
import { keyString } from '@plumbline/manifests';
import { compareState, unknownState } from '../compare/compare-state.ts';
import type { LiveReader } from '../compare/live-reader.ts';
import { orphansOf } from '../compare/orphans.ts';
import { outOfReach } from '../destination/out-of-reach.ts';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { fightFindings } from './fights.ts';

/** Wait before objects that could not be judged are looked at again, ms. */
const troubledMs = 5_000;

/** Compares target with live state; where the target is not known or out of reach, nothing is judged. */
export function compare(reader: LiveReader): Step {
  return async (pass) => {
    const { destination, target } = pass;
    if (!destination || !target) return undefined;
    const unreachable = target.targets.flatMap(({ key }) => outOfReach(key, destination) ?? []);
    if (unreachable.length > 0) {
      pass.findings.push({ type: 'ComparisonError', message: listed(unreachable) });
      return 'stop';
    }
    // Webhooks may have come or gone without a change of any object.
    if (pass.app.metadata.annotations?.[annotations.refresh] === 'hard') pass.runtime.comparer.clear();
    pass.comparison = await compareState({
      app: pass.app,
      application: pass.application,
      target,
      live: destination.live,
      comparer: pass.runtime.comparer,
      rules: pass.rules,
      tracking: pass.facts?.tracking,
      ...reader.forDestination(destination),
    });
    if (pass.comparison.problems.length > 0) pass.later.push({ level: levels.compare, ms: troubledMs });
    return undefined;
  };
}

/** What people should know of a comparison: objects that could not be judged or are repeated; files left out. */
export function comparisonFindings(pass: Pass): Pass['findings'] {
  const times = new Map<string, number>();
  for (const key of pass.target?.repeated ?? []) times.set(keyString(key), (times.get(keyString(key)) ?? 1) + 1);
  const repeated = [...times].map(([key, count]) => ({
    type: 'RepeatedResourceWarning',
    message: `Resource ${key} appeared ${count} times among application resources.`,
  }));
  const excluded = (pass.target?.excluded ?? []).map((key) => ({
    type: 'ExcludedResourceWarning',
    message: `Resource ${keyString(key)} is not deployed: resource.exclusions or resource.inclusions of argocd-cm leave out its kind`,
  }));
  const { warnings = [] } = pass.target ?? {};
  const rendering = warnings.length > 0 ? [{ type: 'RenderWarning', message: listed(warnings) }] : [];
  const problems = (pass.comparison?.problems ?? []).map((message) => ({ type: 'ComparisonError', message }));
  return [...problems, ...rendering, ...repeated, ...excluded, ...fightFindings(pass), ...orphanFinding(pass)];
}

function orphanFinding(pass: Pass): Pass['findings'] {
  const { project, destination, runtime } = pass;
  if (!destination) return [];
  const orphans = orphansOf(pass);
  runtime.orphans = orphans.length;
  if (project?.spec.orphanedResources?.warn !== true || orphans.length === 0) return [];
  const message = `Application has ${orphans.length} orphaned resource${orphans.length === 1 ? '' : 's'}`;
  return [{ type: 'OrphanedResourceWarning', message }];
}

const listedWarnings = 5;

function listed(warnings: readonly string[]): string {
  const rest = warnings.length - listedWarnings;
  return `${warnings.slice(0, listedWarnings).join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What a pass that could not compare reports. */
export function unknownComparison(pass: Pass): NonNullable<Pass['comparison']> {
  return unknownState(pass.application, pass.destination?.live);
}
