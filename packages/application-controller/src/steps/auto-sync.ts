import { type Application, hasMultipleSources } from '@plumbline/apis';
import { keyString } from '@plumbline/manifests';
import type { Settings } from '@plumbline/settings';
import { type SelfHealSettings, selfHealDefaults, shouldAutoSync } from '@plumbline/sync';
import { skipEndsIn, skipReason } from '../operation/skip-revisions.ts';
import { automationDenied, windowCheckMs } from '../operation/window-rule.ts';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { resourceStatuses } from '../status/application-status.ts';

/** So many heals of one object within the window are nothing to worry about; more look like a fight. */
const fight = { heals: 5, windowMs: 300_000 };

/** A timer cannot wait for longer than 24 days. */
const longestTimerMs = 86_400_000;

function isAutomatic({ spec }: Application): boolean {
  const { automated } = spec.syncPolicy ?? {};
  return automated !== undefined && automated.enabled !== false;
}

/** Starts an operation where automation asks for one (reference §4.2, §4.3). */
export function autoSync(settings: Settings, clock: () => number): Step {
  return async (pass) => {
    const { app, comparison, target } = pass;
    if (!comparison || !target) return undefined;
    const multiple = hasMultipleSources(app.spec);
    const resources = resourceStatuses(comparison.resources.filter((item) => item.counts));
    const skipped = skipReason(app, target.revisions, clock());
    if (skipped && isAutomatic(app)) {
      pass.findings.push({ type: 'RevisionSkippedWarning', message: skipped });
      const ms = skipEndsIn(app, clock());
      if (ms !== undefined) pass.later.push({ level: levels.compare, ms: Math.min(ms, longestTimerMs) });
      return undefined;
    }
    const windowDenies = automationDenied(pass, clock());
    const decision = shouldAutoSync({
      policy: app.spec.syncPolicy,
      operationPending: pass.operation !== undefined,
      deleting: app.metadata.deletionTimestamp !== undefined,
      syncStatus: comparison.status,
      resources,
      namespaceDiffers: comparison.namespaceDiffers ?? false,
      last: pass.operationState,
      revision: multiple ? '' : (target.revisions[0] ?? ''),
      revisions: multiple ? target.revisions : undefined,
      sources: pass.sources,
      ...(windowDenies ? { windowDenies } : {}),
      selfHeal: healSettings(pass, settings, clock()),
      now: clock(),
    });
    if (decision.sync) {
      pass.operation = decision.operation;
      if (decision.operation.sync?.autoHealAttemptsCount) countHeals(pass, clock());
      pass.logger.info('automation starts a sync', { reason: decision.reason, revision: target.revisions[0] });
      return undefined;
    }
    if (windowDenies && comparison.status === 'OutOfSync')
      pass.later.push({ level: levels.compare, ms: windowCheckMs });
    if (decision.condition) pass.findings.push(decision.condition);
    if (decision.retryAfterMs !== undefined) pass.later.push({ level: levels.compare, ms: decision.retryAfterMs });
    return undefined;
  };
}

/**
 * Heals wait only where one object is healed again and again: then somebody else wants it otherwise. The pause grows with
 * the heals of that object, not with those of the Application.
 */
export function healSettings(pass: Pass, settings: Settings, now: number): SelfHealSettings {
  const { timeoutMs, backoff } = settings.current().controller.selfHeal;
  const drifted = pass.comparison?.resources.filter((item) => item.status === 'OutOfSync') ?? [];
  const heals = drifted.map(({ key }) => pass.runtime.heals.get(keyString(key)));
  const recent = heals.map((known) => (known && now - known.last < fight.windowMs ? known.count : 0));
  const beyond = Math.max(0, ...recent) - fight.heals;
  const pause = beyond < 0 ? 0 : Math.min(backoff.capMs, backoff.durationMs * backoff.factor ** beyond);
  return { ...selfHealDefaults, fixedMs: timeoutMs > 0 ? timeoutMs : pause };
}

/** Remembers that what has drifted is healed now. */
export function countHeals({ comparison, runtime }: Pass, now: number): void {
  for (const { key, status } of comparison?.resources ?? []) {
    if (status !== 'OutOfSync') continue;
    const known = runtime.heals.get(keyString(key));
    const count = known && now - known.last < fight.windowMs ? known.count + 1 : 1;
    runtime.heals.set(keyString(key), { count, last: now });
  }
}
