import {
  type Application,
  type ApplicationSource,
  type ApplicationStatus,
  hasMultipleSources,
  type OperationState,
  type ResourceStatus,
  type RevisionHistory,
} from '@plumbline/apis';
import { ownLinks } from '@plumbline/cluster';
import { imagesOf } from '@plumbline/manifests';
import { asksForConfirmation } from '@plumbline/sync';
import { isApplicationKind } from '../application-kind.ts';
import type { AppComparison, ResourceState } from '../compare/compare-state.ts';
import type { TargetState } from '../target/target-state.ts';
import type { Below, SummaryFacts } from './below.ts';
import { type Finding, stampConditions } from './conditions.ts';

/** What a pass found out. */
export interface PassOutcome {
  comparison: AppComparison;
  /** The target that was compared; undefined where it is not known now. */
  target: TargetState | undefined;
  sources: readonly ApplicationSource[];
  findings: readonly Finding[];
  operationState: OperationState | undefined;
  history: readonly RevisionHistory[] | undefined;
  /** RFC 3339, seconds. */
  now: string;
  /** Whether the target was resolved again: then `reconciledAt` moves. */
  refreshed: boolean;
  controllerNamespace: string;
  /** What objects below the managed ones add; absent where the cluster cannot be looked at. */
  below?: Below | undefined;
  /** Whether the status stores the health of each object; default false: who reads it asks for the tree. */
  persistHealth?: boolean;
}

/** The whole status after a pass (reference §1.5). Pure. */
export function applicationStatus(app: Application, outcome: PassOutcome): ApplicationStatus {
  const former: ApplicationStatus = app.status ?? {};
  const { comparison, target, now } = outcome;
  const conditions = stampConditions(outcome.findings, former.conditions ?? [], now);
  const health = comparison.health;
  const sameHealth = former.health?.status === health.status;
  const resources = resourceStatuses(comparison.resources, {
    withHealth: outcome.persistHealth ?? false,
    syncOptions: app.spec.syncPolicy?.syncOptions ?? [],
  });
  return {
    ...former,
    sync: syncStatus(app, outcome),
    health: {
      status: health.status,
      ...(health.message ? { message: health.message } : {}),
      lastTransitionTime: sameHealth ? (former.health?.lastTransitionTime ?? now) : now,
    },
    resources: resources.length > 0 ? resources : undefined,
    history: outcome.history && outcome.history.length > 0 ? [...outcome.history] : undefined,
    conditions: conditions.length > 0 ? conditions : undefined,
    operationState: outcome.operationState,
    summary: summaryOf(app, outcome),
    ...(target ? sourceTypes(app, target) : {}),
    resourceHealthSource: outcome.persistHealth ? undefined : 'appTree',
    reconciledAt: outcome.refreshed ? now : (former.reconciledAt ?? now),
    controllerNamespace: outcome.controllerNamespace,
  } as ApplicationStatus;
}

function syncStatus(app: Application, outcome: PassOutcome): ApplicationStatus['sync'] {
  const { comparison, target, sources } = outcome;
  const multiple = hasMultipleSources(app.spec);
  const { ignoreDifferences, destination } = app.spec;
  const comparedTo = {
    ...(multiple ? { sources: [...sources] } : sources[0] ? { source: sources[0] } : {}),
    destination,
    ...(ignoreDifferences && ignoreDifferences.length > 0 ? { ignoreDifferences } : {}),
  };
  return { status: comparison.status, comparedTo, ...revisionFields(multiple, target?.revisions ?? []) };
}

/** `revision` or `revisions`, as the Application has one source or a list (reference §1.5). */
export function revisionFields(
  multiple: boolean,
  revisions: readonly string[],
): { revision?: string; revisions?: string[] } {
  if (multiple) return revisions.length > 0 ? { revisions: [...revisions] } : {};
  return revisions[0] ? { revision: revisions[0] } : {};
}

function sourceTypes(app: Application, target: TargetState): Pick<ApplicationStatus, 'sourceType' | 'sourceTypes'> {
  const types = target.sourceTypes as NonNullable<ApplicationStatus['sourceTypes']>;
  return hasMultipleSources(app.spec) ? { sourceTypes: [...types], sourceType: undefined } : { sourceType: types[0] };
}

interface StatusDetails {
  /** Each entry tells the health of its object. */
  withHealth?: boolean;
  /** Those of the Application. */
  syncOptions?: readonly string[];
}

/** The entries of `status.resources`. */
export function resourceStatuses(resources: readonly ResourceState[], details: StatusDetails = {}): ResourceStatus[] {
  return resources.flatMap((item) => resourceStatus(item, details));
}

function resourceStatus(item: ResourceState, { withHealth, syncOptions = [] }: StatusDetails): ResourceStatus[] {
  if (!item.key.name || (item.hook && !item.live)) return [];
  const { key } = item;
  const confirms = [item.target?.object, item.liveObject].some(
    (side) => side && asksForConfirmation(side, syncOptions),
  );
  return [
    {
      ...(key.group ? { group: key.group } : {}),
      version: item.version,
      kind: key.kind,
      ...(key.namespace ? { namespace: key.namespace } : {}),
      name: key.name,
      ...(item.hook ? { hook: true } : { status: item.status }),
      ...(item.requiresPruning ? { requiresPruning: true } : {}),
      ...(confirms ? { requiresDeletionConfirmation: true } : {}),
      ...(item.syncWave !== 0 ? { syncWave: item.syncWave } : {}),
      ...healthPart(withHealth ? healthOf(item) : undefined),
    },
  ];
}

/** What is declared and not there is missing; hooks are there only while they run. */
function healthOf({ health, live, target, hook }: ResourceState): ResourceState['health'] {
  return health ?? (target && !live && !hook ? { status: 'Missing' } : undefined);
}

function healthPart(health: ResourceState['health']) {
  return health ? { health } : {};
}

/** What the declared and managed objects tell for the summary themselves. */
export function ownFacts(resources: readonly ResourceState[]): SummaryFacts {
  const images = resources.flatMap(({ live, liveObject }) => live?.images ?? (liveObject ? imagesOf(liveObject) : []));
  const urls = resources.flatMap(({ live }) => live?.networkingInfo?.externalURLs ?? []);
  return { images: new Set(images), urls: new Set(urls) };
}

function summaryOf(app: Application, { comparison, below }: PassOutcome): ApplicationStatus['summary'] {
  const { resources } = comparison;
  const { images, urls: shown } = below?.facts ?? ownFacts(resources);
  const urls = new Set([...shown, ...ownLinks(app)]);
  return {
    ...(images.size > 0 ? { images: [...images].sort() } : {}),
    ...(urls.size > 0 ? { externalURLs: [...urls].sort() } : {}),
    ...(resources.some(({ key }) => isApplicationKind(key)) ? { isAppOfApps: true } : {}),
  };
}
