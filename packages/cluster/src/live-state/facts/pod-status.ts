import { fields, items, text } from '../fields.ts';

type Container = Record<string, unknown>;

/** Why a container does not run: its waiting or termination reason. */
function trouble(container: Container): string | undefined {
  const { waiting, terminated } = fields(container['state']);
  if (waiting) return text(fields(waiting)['reason']);
  if (!terminated) return undefined;
  const { reason, signal, exitCode } = fields(terminated);
  return text(reason) ?? (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function initTrouble(statuses: Container[], sidecars: ReadonlySet<unknown>): string | undefined {
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = fields(status['state']);
    if (terminated && fields(terminated)['exitCode'] === 0) continue;
    if (sidecars.has(status['name']) && status['started'] === true) continue;
    if (terminated) return `Init:${trouble(status)}`;
    const reason = text(fields(waiting)['reason']);
    return reason && reason !== 'PodInitializing' ? `Init:${reason}` : `Init:${index}/${statuses.length}`;
  }
  return undefined;
}

function holds(status: Record<string, unknown>, wanted: string): boolean {
  return items(status['conditions']).some(({ type, status: value }) => type === wanted && value === 'True');
}

/** Held back until its scheduling gates are gone. */
function isGated(status: Record<string, unknown>): boolean {
  return items(status['conditions']).some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
}

function containerReason(statuses: Container[], phase: string, ready: boolean): string {
  const reason = statuses.map(trouble).find((found) => found !== undefined) ?? phase;
  // One container that has completed beside others that run is no trouble of the pod.
  const runs = statuses.some((container) => container['ready'] === true && fields(container['state'])['running']);
  if (reason === 'Completed' && runs) return ready ? 'Running' : 'NotReady';
  return reason;
}

/** The word that `kubectl get pods` shows under STATUS. */
export function podReason(pod: Record<string, unknown>, deleted: boolean): string {
  const status = fields(pod['status']);
  const phase = text(status['phase']) ?? 'Unknown';
  const word = isGated(status) ? 'SchedulingGated' : (text(status['reason']) ?? phase);
  if (deleted && word === 'NodeLost') return 'Unknown';
  if (deleted && phase !== 'Succeeded' && phase !== 'Failed') return 'Terminating';
  const init = initTrouble(items(status['initContainerStatuses']), sidecarNames(pod));
  if (init !== undefined && !holds(status, 'Initialized')) return init;
  return containerReason(items(status['containerStatuses']), init ?? word, holds(status, 'Ready'));
}

function sidecarNames(pod: Record<string, unknown>): ReadonlySet<unknown> {
  const containers = items(fields(pod['spec'])['initContainers']);
  return new Set(containers.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
}

/** Ready and all containers (restartable init containers count), and restarts of all of them. */
export function podCounts(pod: Record<string, unknown>): { ready: number; total: number; restarts: number } {
  const { spec, status } = pod;
  const sidecars = sidecarNames(pod);
  const main = items(fields(status)['containerStatuses']);
  const init = items(fields(status)['initContainerStatuses']);
  const counted = [...main, ...init.filter(({ name }) => sidecars.has(name))];
  const restartsOf = (list: Container[]) => list.reduce((sum, { restartCount }) => sum + Number(restartCount ?? 0), 0);
  return {
    ready: counted.filter(({ ready }) => ready === true).length,
    total: items(fields(spec)['containers']).length + sidecars.size,
    restarts: restartsOf([...main, ...init]),
  };
}
