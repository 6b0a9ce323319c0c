import type { Application, ResourceStatus } from '@plumbline/apis';
import type { ResourceNode, ResourceTree } from '@plumbline/protocol';
import type { Command } from 'commander';
import { Fatal } from '../fatal.ts';

/** Flags that choose live objects of an Application. */
export interface ResourceFlags {
  kind?: string;
  group?: string;
  namespace?: string;
  resourceName?: string;
  all?: boolean;
}

/** A live object as the API names it. */
export interface LiveObject {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  resourceName: string;
}

/** Adds the flags that choose live objects. */
export const resourceFlags = (command: Command): Command =>
  command
    .option('--project <name>', 'of the application')
    .option('--kind <kind>', 'kind of the objects')
    .option('--group <group>', 'API group of the objects')
    .option('--namespace <name>', 'namespace of the objects')
    .option('--resource-name <name>', 'name of the object');

const objectOf = (node: ResourceNode | ResourceStatus): LiveObject => {
  const { group = '', version = '', kind = '', namespace = '', name = '' } = node;
  return { group, version, kind, namespace, resourceName: name };
};

/** An object in words: `apps/Deployment shop/web`. */
export const objectText = ({ group, kind, namespace, resourceName }: LiveObject): string =>
  `${group ? `${group}/` : ''}${kind} ${namespace ? `${namespace}/` : ''}${resourceName}`;

const asked = (value: string | undefined, actual: string, fold = false): boolean =>
  value === undefined || (fold ? value.toLowerCase() === actual.toLowerCase() : value === actual);

/**
 * The live objects that the flags choose: managed ones and their descendants. Throws Fatal where there is none, and where
 * there are several but only one, or `all` of them, may be meant.
 */
export function chosenObjects(
  { metadata, status }: Application,
  tree: ResourceTree,
  flags: ResourceFlags & { several?: boolean },
): LiveObject[] {
  const all = [...tree.nodes, ...(status?.resources ?? [])].map(objectOf);
  const unique = new Map(all.map((object) => [objectText(object), object]));
  const found = [...unique.values()].filter(
    (object) =>
      asked(flags.kind, object.kind, true) &&
      asked(flags.group, object.group) &&
      asked(flags.namespace, object.namespace) &&
      asked(flags.resourceName, object.resourceName),
  );
  const next = `plumb app resources ${metadata.name} lists them`;
  if (found.length === 0) throw new Fatal(`no object of ${metadata.name} matches`, { next });
  if (found.length > 1 && !flags.several && !flags.all) {
    const names = found.slice(0, 5).map(objectText).join(', ');
    throw new Fatal(`${found.length} objects of ${metadata.name} match: ${names}${found.length > 5 ? ', …' : ''}`, {
      next: 'say which with --kind, --group, --namespace and --resource-name',
      exitCode: 1,
    });
  }
  return found;
}
