import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { fieldsAt, textAt } from '../../read.ts';
import { icons, setting } from '../action-parts.ts';
import { patched, timestamp, withField } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

const loop = 'cnpg.io/reconciliationLoop';
const at = (name: string) => ['metadata', 'annotations', name];
const isOff = ({ metadata }: KubeObject) => metadata.annotations?.[loop] === 'disabled';

function healthyInstances(object: KubeObject): string[] {
  const { healthy } = fieldsAt(object, 'status', 'instancesStatus');
  return Array.isArray(healthy) ? healthy.filter((name) => typeof name === 'string') : [];
}

/** The instance that is named by name or number; `any` is the healthy one after the primary. */
function chosen(object: KubeObject, wanted: string): string {
  const healthy = healthyInstances(object);
  const name = /^\d+$/.test(wanted) ? `${object.metadata.name}-${wanted}` : wanted;
  const next = (healthy.indexOf(textAt(object, 'status', 'currentPrimary')) + 1) % Math.max(healthy.length, 1);
  const found = wanted === 'any' ? healthy[next] : healthy.find((entry) => entry === name);
  if (found) return found;
  throw new PlumblineError('ACTION_INVALID', `no healthy instance fits ${JSON.stringify(wanted)}`, {
    retry: 'terminal',
  });
}

/** What the plugin `kubectl cnpg` does with a cluster. */
export const cnpgClusterActions: readonly BuiltInAction[] = [
  setting('restart', at('kubectl.kubernetes.io/restartedAt'), {
    value: ({ now }) => timestamp(now),
    offer: () => ({ iconClass: 'fa fa-fw fa-recycle', displayName: 'Rollout restart Cluster' }),
  }),
  setting('reload', at('cnpg.io/reloadedAt'), {
    value: ({ now }) => timestamp(now),
    offer: () => ({ iconClass: 'fa fa-fw fa-rotate-right', displayName: 'Reload all Configuration' }),
  }),
  {
    name: 'promote',
    offer: (object) => ({
      iconClass: 'fa fa-fw fa-angles-up',
      displayName: 'Promote Replica to Primary',
      disabled: healthyInstances(object).length < 2,
      params: [{ name: 'instance', default: 'any' }],
    }),
    run: (object, { parameters, now }) => {
      const instance = chosen(object, parameters['instance'] || 'any');
      const status = {
        ...fieldsAt(object, 'status'),
        targetPrimary: instance,
        targetPrimaryTimestamp: timestamp(now),
        phase: 'Switchover in progress',
        phaseReason: `Switching over to ${instance}`,
      };
      return patched(withField(object, ['status'], status));
    },
  },
  setting('suspend', at(loop), {
    value: () => 'disabled',
    offer: (object) =>
      isOff(object) ? undefined : { iconClass: icons.suspend, displayName: 'Suspend Reconciliation' },
  }),
  setting('resume', at(loop), {
    value: () => undefined,
    offer: (object) => (isOff(object) ? { iconClass: icons.play, displayName: 'Resume Reconciliation' } : undefined),
  }),
];
