import { applicationGroup } from '@plumbline/apis';
import type { ResourceKey } from '@plumbline/manifests';
import { isWorse } from './order.ts';
import type { HealthStatus, HealthStatusCode } from './types.ts';
import { healthy, missing } from './verdict.ts';

/** One managed resource of an Application, as the aggregation sees it. */
export interface HealthItem {
  key: ResourceKey;
  /** Undefined: the kind has no check, or the object does not exist. */
  health: HealthStatus | undefined;
  /** Whether the object exists in the cluster. */
  live: boolean;
  /** A hook of any type, `Skip` included: hooks tell of an operation, not of the Application. */
  hook?: boolean;
  /** The live object carries `argocd.argoproj.io/ignore-healthcheck: "true"`. */
  ignoreHealth?: boolean;
  /** The Application itself, managed by itself. */
  self?: boolean;
}

const shownCulprits = 3;

/**
 * The health of an Application: the worst of its resources (reference §5 "App aggregation"). Resources that do not
 * exist yet are the business of the sync status; only when none of them exists is the Application Missing. An
 * Application without resources is Healthy.
 */
export function aggregateHealth(items: readonly HealthItem[]): HealthStatus {
  const counted = items.filter((item) => !item.hook);
  if (counted.length > 0 && counted.every((item) => !item.live)) return missing();
  const voters = counted.filter((item) => item.live && !item.ignoreHealth && !item.self && !isSilentChild(item));
  const status = voters.reduce<HealthStatusCode>((worst, { health }) => {
    return health && isWorse(health.status, worst) ? health.status : worst;
  }, 'Healthy');
  if (status === 'Healthy') return healthy();
  return { status, message: blame(voters.filter((item) => item.health?.status === status)) };
}

/** A child Application that does not know its own health yet says nothing about its parent's. */
function isSilentChild({ key, health }: HealthItem): boolean {
  if (key.group !== applicationGroup || key.kind !== 'Application') return false;
  return health?.status === 'Missing' || health?.status === 'Unknown';
}

function blame(culprits: readonly HealthItem[]): string {
  const names = culprits.slice(0, shownCulprits).map(({ key }) => display(key));
  const rest = culprits.length - names.length;
  return `Caused by ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function display(key: ResourceKey): string {
  const kind = key.group ? `${key.group}/${key.kind}` : key.kind;
  return key.namespace ? `${kind}:${key.namespace}/${key.name}` : `${kind}:${key.name}`;
}
