import type { ApiClient } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { pair } from './definition/pairs.ts';
import { chosenObjects, type LiveObject, objectText, type ResourceFlags } from './resource-flags.ts';

type Options = GlobalOptions & ResourceFlags;

async function chosen(
  client: ApiClient,
  name: string,
  flags: ResourceFlags & { several?: boolean },
): Promise<LiveObject[]> {
  const params = { name };
  const [application, tree] = await Promise.all([
    client.call('getApplication', { params }),
    client.call('resourceTree', { params }),
  ]);
  return chosenObjects(application, tree, flags);
}

/** The value at a path such as `spec.replicas`; undefined where there is none. */
function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
      value,
    );
}

/** The live object, or only the fields that `--filter-fields` names, in their places. */
function filtered(live: unknown, fields: string | undefined): unknown {
  if (!fields) return live;
  const kept: Record<string, unknown> = {};
  for (const path of fields.split(',')) {
    const found = at(live, path);
    if (found === undefined) continue;
    const keys = path.split('.');
    const last = keys.pop() ?? path;
    let place = kept;
    for (const key of keys) {
      const inner = (place[key] ?? {}) as Record<string, unknown>;
      place[key] = inner;
      place = inner;
    }
    place[last] = found;
  }
  return kept;
}

/** `plumb app get-resource`: live objects as they are. */
export async function getResource(
  terminal: Terminal,
  name: string,
  options: Options & { output: 'json' | 'yaml'; filterFields?: string; showManagedFields?: boolean },
): Promise<void> {
  const client = await connect(options);
  for (const object of await chosen(client, name, { ...options, several: !options.resourceName })) {
    const { manifest } = await client.call('getResource', { params: { name }, query: object });
    const live = JSON.parse(manifest) as { metadata?: { managedFields?: unknown } };
    if (!options.showManagedFields) delete live.metadata?.managedFields;
    if (options.output === 'yaml') terminal.out('---\n');
    await printData(terminal, options.output, filtered(live, options.filterFields));
  }
}

/** `plumb app patch-resource`. */
export async function patchResource(
  terminal: Terminal,
  name: string,
  options: Options & { patch: string; patchType: string },
): Promise<void> {
  const client = await connect(options);
  const patchType = options.patchType as 'application/merge-patch+json';
  for (const object of await chosen(client, name, options)) {
    await client.call('patchResource', { params: { name }, query: { ...object, patchType }, body: options.patch });
    terminal.out(`${objectText(object)} patched\n`);
  }
}

/** `plumb app delete-resource`. */
export async function deleteResource(
  terminal: Terminal,
  name: string,
  options: Options & { force?: boolean; orphan?: boolean },
): Promise<void> {
  const client = await connect(options);
  const { force = false, orphan = false } = options;
  for (const object of await chosen(client, name, options)) {
    await client.call('deleteResource', { params: { name }, query: { ...object, force, orphan } });
    terminal.out(`${objectText(object)} deleted\n`);
  }
}

/** `plumb app actions list`. */
export async function listActions(
  terminal: Terminal,
  name: string,
  options: Options & { output: OutputFormat; out?: OutputFormat },
): Promise<void> {
  const client = await connect(options);
  const objects = await chosen(client, name, { ...options, several: true });
  const format = options.out ?? options.output;
  const found = await Promise.all(
    objects.map(async (object) => {
      const { actions } = await client.call('listResourceActions', { params: { name }, query: object });
      return actions.map((action) => ({ ...object, action: action.name, disabled: action.disabled ?? false }));
    }),
  );
  const rows = found.flat();
  if (format === 'json' || format === 'yaml') return printData(terminal, format, rows);
  const cells = rows.map((row) => [
    row.group,
    row.kind,
    row.namespace,
    row.resourceName,
    row.action,
    `${row.disabled}`,
  ]);
  terminal.out(table(['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'ACTION', 'DISABLED'], cells));
}

/** `plumb app actions run`. */
export async function runAction(
  terminal: Terminal,
  asked: { name: string; action: string },
  options: Options & { param?: string[] },
): Promise<void> {
  const { name } = asked;
  // Written as GROUP/KIND/ACTION, too, as Argo CD's list shows it.
  const parts = asked.action.split('/');
  const action = parts.at(-1) ?? asked.action;
  const kind = options.kind ?? parts.at(-2);
  if (!action) throw new Fatal('no action is named', { exitCode: 1 });
  const client = await connect(options);
  const resourceActionParameters = (options.param ?? []).map(pair);
  for (const object of await chosen(client, name, { ...options, ...(kind ? { kind } : {}) })) {
    const body = { ...object, action, resourceActionParameters };
    await client.call('runResourceAction', { params: { name }, body });
    terminal.out(`${action} of ${objectText(object)} done\n`);
  }
}
