import type { Application, RevisionHistory } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import { stringifyJson } from '@plumbline/manifests';
import type { Settings } from '@plumbline/settings';
import { shouldAutoSync } from '@plumbline/sync';
import type { AppComparison } from '../compare/compare-state.ts';
import { ResourceComparer } from '../compare/resource-comparer.ts';
import { compareTarget, type PrepareOptions } from '../operation/prepare-attempt.ts';
import { skipReason } from '../operation/skip-revisions.ts';
import { automationDenied } from '../operation/window-rule.ts';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { resourceStatuses } from '../status/application-status.ts';
import type { TargetState } from '../target/target-state.ts';
import { countHeals, healSettings } from './auto-sync.ts';
import { targetRequest } from './load-target.ts';

export interface HealPinnedOptions extends Pick<PrepareOptions, 'loader' | 'reader'> {
  settings: Settings;
  clock(): number;
}

/** What is deployed while newer revisions are skipped. */
export interface PinnedTarget {
  /** Says which entry of the history it is of, and for which place. */
  key: string;
  state: TargetState;
  comparer: ResourceComparer;
}

/**
 * While automation skips the revisions that the sources have now, drift is healed to those that are deployed, where
 * selfHeal is on (want 22). Nothing is pruned: what the newer revision brought stays as the rollback left it.
 */
export function healPinned(options: HealPinnedOptions): Step {
  return async (pass) => {
    const { app, target } = pass;
    const deployed = app.status?.history?.at(-1);
    const { automated } = app.spec.syncPolicy ?? {};
    if (!target || !deployed || pass.operation || !automated?.selfHeal || automated.enabled === false) return undefined;
    if (!skipReason(app, target.revisions, options.clock())) return undefined;
    try {
      const pinned = await pinnedTarget(pass, deployed, options);
      const { comparer, state } = pinned;
      heal(pass, { deployed, comparison: await compareTarget(pass, state, { comparer, options }) }, options);
    } catch (error) {
      pass.logger.warn('drift from a pinned revision cannot be seen', { error: errorMessage(error) });
    }
    return undefined;
  };
}

async function pinnedTarget(pass: Pass, deployed: RevisionHistory, { loader }: HealPinnedOptions) {
  const request = { ...targetRequest(pass, undefined), sources: sourcesOfEntry(deployed), noCache: false };
  const { server } = pass.destination ?? {};
  const key = stringifyJson([deployed, request.context, server, pass.facts?.tracking, pass.facts?.excluded?.text]);
  const known = pass.runtime.pinned;
  if (known?.key === key) return known;
  const state = await loader.load({ ...request, pinned: revisionsOf(deployed) });
  const pinned: PinnedTarget = { key, state, comparer: new ResourceComparer() };
  pass.runtime.pinned = pinned;
  return pinned;
}

interface Deployed {
  deployed: RevisionHistory;
  comparison: AppComparison;
}

function heal(pass: Pass, { deployed, comparison }: Deployed, { settings, clock }: HealPinnedOptions): void {
  const now = clock();
  const { app } = pass;
  const { source, sources } = deployed;
  const revisions = revisionsOf(deployed);
  const windowDenies = automationDenied(pass, now);
  const decision = shouldAutoSync({
    policy: policyOf(app),
    operationPending: false,
    deleting: app.metadata.deletionTimestamp !== undefined,
    syncStatus: comparison.status,
    resources: resourceStatuses(comparison.resources.filter((item) => item.counts)),
    last: pass.operationState,
    revision: sources ? '' : (revisions[0] ?? ''),
    revisions: sources ? revisions : undefined,
    sources: sourcesOfEntry(deployed),
    ...(windowDenies ? { windowDenies } : {}),
    selfHeal: healSettings({ ...pass, comparison }, settings, now),
    now,
  });
  if (!decision.sync) {
    if (decision.retryAfterMs !== undefined) pass.later.push({ level: levels.compare, ms: decision.retryAfterMs });
    return;
  }
  const { operation } = decision;
  const own = sources ? { sources } : source ? { source } : {};
  pass.operation = { ...operation, sync: { ...operation.sync, ...own } };
  if (operation.sync?.autoHealAttemptsCount) countHeals({ ...pass, comparison }, now);
  pass.logger.info('automation heals a pinned revision', { revision: revisions.join(', ') });
}

/** Automation as the Application has it, without pruning. */
function policyOf({ spec }: Application): Application['spec']['syncPolicy'] {
  const { automated, ...policy } = spec.syncPolicy ?? {};
  return automated ? { ...policy, automated: { ...automated, prune: false } } : policy;
}

function revisionsOf({ revision, revisions }: RevisionHistory): string[] {
  return revisions && revisions.length > 0 ? revisions : [revision ?? ''];
}

function sourcesOfEntry({ source, sources }: RevisionHistory) {
  return sources && sources.length > 0 ? sources : source ? [source] : [];
}
