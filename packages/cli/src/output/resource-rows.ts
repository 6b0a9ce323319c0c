import type { Application, OperationState } from '@plumbline/apis';
import type { ResourceTree } from '@plumbline/protocol';

/** What is known of one object of an Application: from its status, the running operation and the resource tree. */
export interface ResourceRow {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  status: string;
  health: string;
  hook: string;
  message: string;
}

export const resourceHeadings = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH', 'HOOK', 'MESSAGE'];

interface Identity {
  group?: string | undefined;
  kind?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

const identity = ({ group = '', kind = '', namespace = '', name = '' }: Identity): string =>
  `${group}/${kind}/${namespace}/${name}`;

function healthOf(tree: ResourceTree | undefined): Map<string, string> {
  return new Map((tree?.nodes ?? []).map((node) => [identity(node), node.health?.status ?? '']));
}

/** Rows of the outcome of an operation laid over those of the comparison. */
function withResults(rows: Map<string, ResourceRow>, state: OperationState | undefined): void {
  for (const result of state?.syncResult?.resources ?? []) {
    const key = identity(result);
    const { group, kind, namespace, name, hookType = '', message = '' } = result;
    const known = rows.get(key) ?? { group, kind, namespace, name, status: '', health: '', hook: '', message: '' };
    // The outcome of a hook or of a pruned object is all there is; another object's status is the comparison's.
    const status = hookType ? (result.hookPhase ?? '') : known.status || result.status || '';
    rows.set(key, { ...known, status, hook: hookType, message });
  }
}

/** The objects of an Application, those of the last operation included, in the order of the status. */
export function resourceRows(application: Application, tree?: ResourceTree): ResourceRow[] {
  const health = healthOf(tree);
  const rows = new Map<string, ResourceRow>();
  for (const resource of application.status?.resources ?? []) {
    const { group = '', kind = '', namespace = '', name = '', status = '' } = resource;
    const message = resource.requiresPruning ? 'requires pruning' : '';
    const known = resource.health?.status ?? health.get(identity(resource)) ?? '';
    rows.set(identity(resource), { group, kind, namespace, name, status, health: known, hook: '', message });
  }
  withResults(rows, application.status?.operationState);
  return [...rows.values()];
}

/** A row as cells. */
export function resourceCells(row: ResourceRow, paint: (status: string) => string): string[] {
  const { group, kind, namespace, name, status, health, hook, message } = row;
  return [group, kind, namespace, name, paint(status), paint(health), hook, message.split('\n').join(' ')];
}
