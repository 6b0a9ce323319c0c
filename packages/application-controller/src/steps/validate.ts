import { createHash } from 'node:crypto';
import { validateApplication } from '@plumbline/access';
import { type Application, type AppProject, defaultProject } from '@plumbline/apis';
import { errorMessage, retryClass } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { ControlSettings, DestinationCluster, Settings } from '@plumbline/settings';
import { countsWebhooks } from '../compare/compare-options.ts';
import { type Destinations, trackingOptions } from '../destination/destinations.ts';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';

export interface ValidateOptions {
  settings: Settings;
  destinations: Destinations;
  projectOf(name: string): AppProject | undefined;
  controlNamespace: string;
}

/** Wait before an unreachable destination is tried again, ms. */
const destinationRetry = 10_000;

/** Finds project and destination and checks the spec against them; what is wrong becomes an InvalidSpecError. */
export function validate(options: ValidateOptions): Step {
  return async (pass) => {
    const { app } = pass;
    pass.project = options.projectOf(app.spec.project || defaultProject);
    const destination = resolveDestination(options.settings, app);
    const { project } = pass;
    const { controlNamespace } = options;
    pass.findings.push(...validateApplication(app, { project, destination, controlNamespace }));
    if (pass.findings.length > 0 || 'problem' in destination) return 'stop';
    return connectDestination(pass, destination, options);
  };
}

/**
 * Finds the destination of an Application that goes, whatever else is wrong with its spec: what it brought must be
 * found to be deleted, also when its project has gone before it.
 */
export function findDestination(options: ValidateOptions): Step {
  return async (pass) => {
    pass.project = options.projectOf(pass.app.spec.project || defaultProject);
    const destination = resolveDestination(options.settings, pass.app);
    if (!('problem' in destination)) return connectDestination(pass, destination, options);
    pass.findings.push({ type: 'InvalidSpecError', message: destination.problem });
    return 'stop';
  };
}

function resolveDestination(settings: Settings, app: Application): DestinationCluster | { problem: string } {
  try {
    return settings.resolveDestination(app.spec.destination);
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

async function connectDestination(
  pass: Pass,
  cluster: DestinationCluster,
  options: ValidateOptions,
): Promise<'stop' | undefined> {
  const { settings, destinations } = options;
  try {
    pass.destination = await destinations.get(cluster);
  } catch (error) {
    pass.findings.push({ type: 'ComparisonError', message: errorMessage(error) });
    if (retryClass(error) === 'transient') pass.later.push({ level: levels.refresh, ms: destinationRetry });
    return 'stop';
  }
  const { discovery } = pass.destination.client;
  pass.facts = {
    application: pass.application,
    tracking: trackingOptions(settings),
    namespace: pass.app.spec.destination.namespace ?? '',
    scopeOf: async (kind) => (await discovery.find(kind))?.namespaced,
    excluded: {
      has: (kind) => settings.current().isExcluded(kind, cluster.server),
      text: filterText(settings.current().resourceFilter),
    },
  };
  pass.rules = comparerRules(pass.app, settings.current());
  return undefined;
}

const filterTexts = new WeakMap<object, string>();

/** A short one: every Application keeps it with its target state. */
function filterText(filter: ControlSettings['resourceFilter']): string {
  const known = filterTexts.get(filter);
  if (known !== undefined) return known;
  const text = createHash('sha256').update(JSON.stringify(filter)).digest('base64');
  filterTexts.set(filter, text);
  return text;
}

/** What does not count for an Application, by its own word and by argocd-cm. */
function comparerRules(app: Application, settings: ControlSettings): Pass['rules'] {
  const { ignoreDifferences, ignoreStatus, ignoreAggregatedRoles, knownTypeFields, jqTimeoutMs } = settings;
  return {
    ignoreDifferences: [...(app.spec.ignoreDifferences ?? []), ...ignoreDifferences],
    ignoreStatus,
    ignoreAggregatedRules: ignoreAggregatedRoles,
    knownTypes: knownTypeFields,
    jqTimeoutMs,
    countWebhooks: countsWebhooks(app as unknown as KubeObject),
    syncOptions: app.spec.syncPolicy?.syncOptions ?? [],
  };
}
