import { annotations } from '@plumbline/apis';
import { errorMessage, PlumblineError, redact, retryClass } from '@plumbline/errors';
import { stringifyJson } from '@plumbline/manifests';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import type { TargetLoader, TargetRequest } from '../target/target-state.ts';

export interface LoadTargetOptions {
  loader: TargetLoader;
  /** Between two refreshes of a healthy Application, jitter included, ms (`timeout.reconciliation`). */
  refreshIntervalMs(): number;
  clock(): number;
}

/** Where automation has failed at what is in Git, a fix is looked for after this time, ms, and again and again, ever more rarely. */
export const fixCheckMs = 10_000;
/** Nobody wants to be asked so rarely: it stands for never. */
const neverMs = 86_400_000;

/** First and longest wait before a failed refresh is repeated by itself, ms. */
const failedRefresh = { first: 5_000, max: 120_000 };

/**
 * Resolves the sources and renders them, where the level, the age or a changed spec ask for it; else goes on with the
 * target at hand. A failure becomes a ComparisonError and leaves the former target aside: nothing is judged by it.
 */
export function loadTarget(options: LoadTargetOptions): Step {
  return async (pass) => {
    const { runtime, facts, destination } = pass;
    if (!facts || !destination) return 'stop';
    const { application, tracking, namespace, excluded } = facts;
    const rules = options.loader.verificationKey(pass.project);
    const place = [application, tracking, namespace, destination.server, excluded?.text];
    const key = stringifyJson([pass.sources, place, rules]);
    const current = runtime.target?.key === key ? runtime.target : undefined;
    const failure = runtime.targetFailure?.key === key ? runtime.targetFailure : undefined;
    hasten(pass, options);
    const due = pass.level >= levels.refresh || options.clock() >= runtime.refreshDueAt;
    if (due || (!current && !failure)) await refresh(pass, key, options);
    else if (failure) pass.findings.push(failure.finding);
    else pass.target = current?.state;
    hasten(pass, options);
    pass.later.push({ level: levels.refresh, ms: Math.max(0, runtime.refreshDueAt - options.clock()) });
    return undefined;
  };
}

/** A fix of what automation has failed at is looked for early: each time twice as long after the failure. */
function hasten({ app, operationState: last, runtime }: Pass, options: LoadTargetOptions): void {
  const { automated } = app.spec.syncPolicy ?? {};
  const failed = last?.finishedAt && (last.phase === 'Failed' || last.phase === 'Error');
  const never = options.refreshIntervalMs() >= neverMs;
  if (!failed || never || runtime.targetFailure || !automated || automated.enabled === false) return;
  const failedAt = Date.parse(last.finishedAt ?? '');
  const looked = Math.max(failedAt, runtime.resolvedAt ?? 0);
  const dueAt = looked + Math.max(fixCheckMs, looked - failedAt);
  runtime.refreshDueAt = Math.min(runtime.refreshDueAt, dueAt);
}

async function refresh(pass: Pass, key: string, options: LoadTargetOptions): Promise<void> {
  const { runtime } = pass;
  pass.refreshed = true;
  const began = options.clock();
  const former = runtime.target?.key === key ? runtime.target.state : undefined;
  try {
    const state = await options.loader.load(targetRequest(pass, former));
    const server = pass.destination?.server ?? '';
    runtime.target = { key, state, facts: pass.facts as NonNullable<Pass['facts']>, sources: pass.sources, server };
    runtime.targetFailure = undefined;
    runtime.failedRefreshes = 0;
    runtime.refreshDueAt = options.clock() + options.refreshIntervalMs();
    pass.target = state;
    runtime.resolvedAt = began;
  } catch (error) {
    runtime.failedRefreshes += 1;
    runtime.resolvedAt = began;
    runtime.targetFailure = { key, finding: { type: 'ComparisonError', message: describe(error, pass) } };
    runtime.refreshDueAt =
      options.clock() + Math.min(failedRefresh.max, failedRefresh.first * 2 ** (runtime.failedRefreshes - 1));
    pass.findings.push(runtime.targetFailure.finding);
    pass.logger.warn('the target state cannot be loaded', { error, retryClass: retryClass(error) });
  }
}

/** The request for the Application's own sources. */
export function targetRequest(pass: Pass, former: TargetRequest['former']): TargetRequest {
  const { app, facts, destination, sources } = pass;
  if (!facts || !destination)
    throw new PlumblineError('INTERNAL', 'a target was asked for before its destination was known');
  const generatePaths = app.metadata.annotations?.[annotations.manifestGeneratePaths];
  return {
    app,
    sources,
    project: pass.project,
    noCache: app.metadata.annotations?.['argocd.argoproj.io/refresh'] === 'hard',
    context: {
      appName: facts.application,
      project: app.spec.project || 'default',
      namespace: facts.namespace,
      kubeVersion: destination.kubeVersion,
      apiVersions: destination.client.discovery.apiVersions(),
      ...(generatePaths ? { manifestGeneratePaths: generatePaths } : {}),
    },
    facts,
    former,
  };
}

function describe(error: unknown, pass: Pass): string {
  const revision = error instanceof PlumblineError ? error.details['revision'] : undefined;
  const text = errorMessage(error);
  const named = typeof revision === 'string' && !text.includes(revision) ? ` (revision ${revision})` : '';
  const source =
    pass.sources.length === 1 && pass.sources[0]
      ? `${pass.sources[0].repoURL} at ${pass.sources[0].targetRevision || 'HEAD'}: `
      : '';
  // A repository's URL may have a password in it.
  return redact(`${text.includes(pass.sources[0]?.repoURL ?? '\0') ? '' : source}${text}${named}`);
}
