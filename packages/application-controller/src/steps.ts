import type { Operation } from '@plumbline/apis';
import { observeRequests } from '@plumbline/cluster';
import type { OperationPlan } from '@plumbline/protocol';
import { traced } from '@plumbline/telemetry';
import type { ApplicationStore } from './application-store.ts';
import type { ResourceState } from './compare/compare-state.ts';
import { LiveReader } from './compare/live-reader.ts';
import type { ControllerParts } from './controller.ts';
import type { DeletionOptions } from './deletion/deletion-stage.ts';
import { deletionWait } from './deletion/operation-first.ts';
import { actingDestination } from './destination/acting-destination.ts';
import { type Destinations, trackingOptions } from './destination/destinations.ts';
import { effectiveProjects } from './destination/effective-project.ts';
import { operationPlan } from './inspect/operation-plan.ts';
import { compareManifests } from './inspect/server-side-diff.ts';
import type { ControllerMetrics } from './metrics/controller-metrics.ts';
import { deletionGate } from './operation/deletion-gate.ts';
import { dependencyRule } from './operation/dependencies.ts';
import { moveRule, type OtherApplications } from './operation/hand-over.ts';
import { OperationEvents } from './operation/operation-events.ts';
import { planRule } from './operation/plan-rule.ts';
import { planStore } from './operation/plan-store.ts';
import { projectRule } from './operation/project-rule.ts';
import { windowRule } from './operation/window-rule.ts';
import type { Pass, Step } from './pass.ts';
import { levels } from './queue/keyed-queue.ts';
import { autoSync } from './steps/auto-sync.ts';
import { compare, comparisonFindings } from './steps/compare.ts';
import { healPinned } from './steps/heal-pinned.ts';
import { loadTarget, targetRequest } from './steps/load-target.ts';
import { operate, operateBlindly } from './steps/operate.ts';
import type { OperateOptions } from './steps/operate-options.ts';
import { remove } from './steps/remove.ts';
import { persistOperation, type ReportOptions, report } from './steps/report.ts';
import { sharedResources } from './steps/shared-resources.ts';
import { findDestination, validate } from './steps/validate.ts';
import type { LocalFiles, TargetLoader, TargetState } from './target/target-state.ts';

export interface StepsOptions extends Omit<ControllerParts, 'metrics'> {
  applications: ApplicationStore;
  destinations: Destinations;
  loader: TargetLoader;
  others: OtherApplications;
  metrics: ControllerMetrics;
}

/** The passes over an Application, put together from their steps. */
export interface Steps {
  /** A whole pass: ends with the one status patch. */
  run(pass: Pass): Promise<void>;
  /** The steps of a pass that only look. */
  look(pass: Pass, until: 'destination' | 'comparison'): Promise<void>;
  /** Renders the Application's sources at a revision as somebody wrote it; absent: as the spec says. */
  render(
    pass: Pass,
    request: { revision?: string; revisions?: readonly string[]; noCache?: boolean; files?: LocalFiles },
  ): Promise<TargetState>;
  /** The plan of an operation as it would run now, after a look up to the comparison. */
  plan(pass: Pass, operation: Operation | undefined): Promise<OperationPlan>;
  /** Compares manifests that a caller has sent, after a look up to the comparison. */
  compareManifests(pass: Pass, manifests: readonly string[]): Promise<ResourceState[]>;
}

export function createSteps(options: StepsOptions): Steps {
  const { settings, loader, mask, namespace: controlNamespace, client, applications, destinations } = options;
  const clock = () => Date.now();
  const reader = new LiveReader(mask);
  const projectOf = effectiveProjects((name) => applications.project(name), settings);
  const validating = { settings, destinations, projectOf, controlNamespace };
  const begin = validate(validating);
  const find = findDestination(validating);
  const load = loadTarget({ loader, refreshIntervalMs: () => refreshInterval(options), clock });
  const look: Step[] = [spanned('target', load), spanned('compare', compare(reader))];
  const events = new OperationEvents(options);
  const gate = { settings, others: options.others, clock };
  const acting: DeletionOptions['acting'] = (pass, destination) => actingDestination(pass, destination, settings);
  const deleting: DeletionOptions = { client, mask, loader, loadTarget: load, clock, gate, acting };
  const parts: PassParts = {
    begin,
    look,
    compare: compare(reader),
    automate: inTurn(autoSync(settings, clock), healPinned({ loader, reader, settings, clock })),
    operating: operateOptions(options, { reader, clock, events }),
    reporting: {
      client,
      store: applications,
      controlNamespace,
      persistHealth: () => settings.current().controller.persistHealth,
    },
    observed: (pass, run) =>
      observeRequests(
        (fact) => options.metrics.requested(pass, fact),
        () => traced('sync', { application: pass.key }, run),
      ),
  };
  const plans = planStore(options.store);
  const goOn = (pass: Pass) => reconcile(pass, parts).then(() => events.changed(pass));
  return {
    run: (pass) =>
      pass.app.metadata.deletionTimestamp ? remove(pass, { ...parts, find, deleting, goOn }) : goOn(pass),
    look: async (pass, until) => {
      if ((await begin(pass)) !== 'stop' && until === 'comparison') await runSteps(look, pass);
    },
    compareManifests: (pass, manifests) => compareManifests(pass, manifests, { mask, reader }),
    plan: (pass, operation) =>
      operationPlan(pass, operation, { ...parts.operating, settings, others: options.others, plans }),
    render: (pass, { revision, revisions, noCache, files }) => {
      const request = targetRequest(pass, pass.runtime.target?.state);
      const pinned = revisions ?? (revision ? pass.sources.map(() => revision) : []);
      return loader.load({ ...request, pinned, files, noCache: noCache ?? false });
    },
  };
}

/** The parts of {@link reconcile}. */
export interface PassParts {
  begin: Step;
  look: readonly Step[];
  compare: Step;
  automate: Step;
  operating: OperateOptions;
  reporting: ReportOptions;
  /** Runs what may write to the destination. */
  observed?(pass: Pass, run: () => Promise<void>): Promise<void>;
}

/** What the comparison tells takes the place of what the one before has told. */
function takeFindings(pass: Pass, others: OtherApplications, before: Pass['findings'] = []): Pass['findings'] {
  const findings = [...comparisonFindings(pass), ...sharedResources(pass, others)];
  pass.findings = [...pass.findings.filter((finding) => !before.includes(finding)), ...findings];
  return findings;
}

/** A pass over an Application that stays: look, act, report. */
export async function reconcile(pass: Pass, parts: PassParts): Promise<void> {
  if ((await parts.begin(pass)) !== 'stop') await runSteps(parts.look, pass);
  if (!pass.comparison) {
    await operateBlindly(pass, pass.findings.map(({ message }) => message).join('; '), parts.operating);
  } else {
    const before = takeFindings(pass, parts.operating.others);
    const act = () => runSteps([parts.automate, operate(parts.operating)], pass);
    await (parts.observed?.(pass, act) ?? act());
    if (pass.operationState !== pass.app.status?.operationState) {
      await parts.compare(pass);
      takeFindings(pass, parts.operating.others, before);
    }
    if (hasEnded(pass) && pass.comparison.status !== 'Synced') pass.later.push({ level: levels.compare, ms: 0 });
  }
  pass.findings.push(...deletionWait(pass, parts.operating.clock()));
  await traced('report', { application: pass.key }, () => report(pass, parts.reporting));
}

/** Whether an operation ended in this pass: what automation makes of the outcome is for the next one. */
function hasEnded({ app, operation, operationState }: Pass): boolean {
  return operation === undefined && operationState !== app.status?.operationState;
}

/** A step as a part of the trace of its pass. */
function spanned(name: string, step: Step): Step {
  return (pass) => traced(name, { application: pass.key }, () => step(pass));
}

/** One step after the other, as one. */
function inTurn(...steps: readonly Step[]): Step {
  return async (pass) => {
    await runSteps(steps, pass);
    return undefined;
  };
}

async function runSteps(steps: readonly Step[], pass: Pass): Promise<void> {
  for (const step of steps) if ((await step(pass)) === 'stop') return;
}

function operateOptions(
  options: StepsOptions,
  { reader, clock, events }: { reader: LiveReader; clock: () => number; events: OperationEvents },
): OperateOptions {
  const { loader, mask, settings, client, applications, metrics, others } = options;
  return {
    loader,
    mask,
    reader,
    clock,
    waveDelayMs: () => settings.current().controller.waveDelayMs,
    holds: [
      planRule(planStore(options.store)),
      projectRule(),
      windowRule(clock),
      dependencyRule({ get: (key) => applications.get(key), refresh: others.refresh }),
      moveRule(others, clock),
      deletionGate({ settings, clock, others }),
    ],
    others,
    onStarted: (pass, state) => events.started(pass, state),
    syncTimeoutMs: () => settings.current().controller.syncTimeoutMs,
    acting: (pass, destination) => actingDestination(pass, destination, settings),
    persist: (pass) => persistOperation(pass, { client, store: applications, controlNamespace: options.namespace }),
    onFinished: (pass, state) => {
      const { app, destination } = pass;
      events.completed(pass, state);
      const labels = {
        namespace: app.metadata.namespace ?? '',
        name: app.metadata.name ?? '',
        project: app.spec.project || 'default',
        dest_server: destination?.server ?? '',
      };
      metrics.syncTotal.inc({ ...labels, phase: state.phase, dry_run: String(state.operation.sync?.dryRun ?? false) });
      const seconds = (Date.parse(state.finishedAt ?? '') - Date.parse(state.startedAt)) / 1000;
      if (seconds > 0) metrics.syncDuration.inc(labels, seconds);
    },
  };
}

/** `timeout.reconciliation` with its random addition; 0 there means never (a day, here). */
function refreshInterval({ settings }: StepsOptions): number {
  const { refreshMs, refreshJitterMs } = settings.current();
  const never = 86_400_000;
  return refreshMs === 0 ? never : refreshMs + Math.random() * refreshJitterMs;
}

/** The settings by which live objects are read: when they change, every destination is read anew. */
export function liveSettingsKey({ settings }: Pick<StepsOptions, 'settings'>): string {
  const { resourceFilter, live } = settings.current();
  const { respectRbac, auditMs, customLabels, nodeLabels } = live;
  return JSON.stringify([trackingOptions(settings), resourceFilter, respectRbac, auditMs, customLabels, nodeLabels]);
}
