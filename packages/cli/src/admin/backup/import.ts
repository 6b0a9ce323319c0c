import { matchesAny } from '@plumbline/access';
import type { KubeClient } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import { Fatal } from '../../fatal.ts';
import { fileOf } from '../../read-file.ts';
import type { Terminal } from '../../terminal.ts';
import { type BackupScope, backupObjects, objectId, portable } from './backup-objects.ts';
import { backupScope, type ScopeFlags } from './scope.ts';

interface ImportOptions extends KubeOptions, ScopeFlags {
  dryRun?: boolean;
  prune?: boolean;
  verbose?: boolean;
  stopOperation?: boolean;
  /** `name=value`: objects with this label are left alone. */
  skipResourcesWithLabel?: string;
}

interface Importing {
  client: KubeClient;
  scope: BackupScope;
  options: ImportOptions;
  terminal: Terminal;
}

function hasLabel({ metadata }: KubeObject, label: string | undefined): boolean {
  if (!label) return false;
  const [name = '', value] = label.split('=');
  return value === undefined ? metadata.labels?.[name] !== undefined : metadata.labels?.[name] === value;
}

async function objectsIn(source: string): Promise<KubeObject[]> {
  const { loadAll } = await import('js-yaml');
  const documents = loadAll((await fileOf(source, 'backup')) ?? '').filter((one) => one !== null && one !== undefined);
  const objects = documents as KubeObject[];
  // With --prune an empty file would delete everything.
  if (objects.length === 0)
    throw new Fatal(`${source === '-' ? 'standard input' : source} holds nothing`, { exitCode: 1 });
  const wrong = objects.find((object) => !object.kind || !object.metadata?.name);
  if (wrong) throw new Fatal(`${source} holds something that is no object of a backup`, { exitCode: 1 });
  return objects;
}

/** Where an object goes: the control-plane namespace unless it names one in which its kind may live. */
function placed(object: KubeObject, scope: BackupScope): KubeObject | undefined {
  const { namespace } = object.metadata;
  if (!namespace || namespace === scope.namespace)
    return { ...object, metadata: { ...object.metadata, namespace: scope.namespace } };
  const globs = object.kind === 'ApplicationSet' ? scope.applicationsetNamespaces : scope.applicationNamespaces;
  return object.kind.startsWith('Application') && matchesAny(globs, namespace) ? object : undefined;
}

const differs = (live: KubeObject, wanted: KubeObject, namespace: string): boolean => {
  const plain = (object: KubeObject): unknown => portable(object, namespace);
  return JSON.stringify(sorted(plain(live))) !== JSON.stringify(sorted(plain(wanted)));
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}

/** Creates an object, or makes the live one like it; its status and, unless told otherwise, its operation stay. */
async function bring(
  { client, scope, options, terminal }: Importing,
  wanted: KubeObject,
  live: KubeObject | undefined,
) {
  const note = options.dryRun ? ' (dry run)' : '';
  const id = objectId(wanted);
  if (!live) {
    if (!options.dryRun) await client.create(wanted);
    terminal.out(`${id} created${note}\n`);
    return;
  }
  if (!differs(live, wanted, scope.namespace)) {
    if (options.verbose) terminal.out(`${id} unchanged${note}\n`);
    return;
  }
  const { operation, status } = live as KubeObject & { operation?: unknown; status?: unknown };
  const kept = { ...(status ? { status } : {}), ...(operation && !options.stopOperation ? { operation } : {}) };
  const { resourceVersion } = live.metadata;
  const metadata = { ...wanted.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
  if (!options.dryRun) await client.replace({ ...wanted, metadata, ...kept });
  terminal.out(`${id} updated${note}\n`);
}

/** Deletes what is in the cluster and not in the backup. Applications leave what they have deployed. */
async function prune({ client, options, terminal }: Importing, gone: KubeObject[]): Promise<void> {
  const note = options.dryRun ? ' (dry run)' : '';
  for (const { apiVersion, kind, metadata } of gone) {
    const ref = {
      apiVersion,
      kind,
      name: metadata.name ?? '',
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    };
    if (!options.dryRun) {
      if (kind === 'Application') await client.patch(ref, { metadata: { finalizers: null } }, { type: 'merge' });
      await client.delete(ref, { propagationPolicy: 'Background' });
    }
    terminal.out(`${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''} pruned${note}\n`);
  }
}

/** `plumb admin import`: makes a control plane what a backup says; with `--prune` just that. */
export async function importAll(terminal: Terminal, source: string, options: ImportOptions): Promise<void> {
  const objects = await objectsIn(source);
  const { client, namespace } = await connectKube(options);
  const scope = await backupScope(client, { namespace, flags: options });
  const importing = { client, scope, options, terminal };
  const live = new Map((await backupObjects(client, scope)).map((object) => [objectId(object), object]));
  const label = options.skipResourcesWithLabel;
  const seen = new Set<string>();
  for (const object of objects) {
    const wanted = placed(object, scope);
    if (!wanted || hasLabel(object, label)) {
      terminal.err(
        `${objectId(object)} skipped: ${wanted ? 'it has the label' : 'its namespace is not imported to'}\n`,
      );
      continue;
    }
    seen.add(objectId(wanted));
    await bring(importing, wanted, live.get(objectId(wanted)));
  }
  const isPrunable = ({ kind }: KubeObject): boolean => kind !== 'ConfigMap';
  const ownSecrets = new Set(['argocd-secret', 'argocd-notifications-secret']);
  const gone = [...live.values()].filter(
    (object) =>
      isPrunable(object) &&
      !ownSecrets.has(object.metadata.name ?? '') &&
      !seen.has(objectId(object)) &&
      !hasLabel(object, label),
  );
  if (options.prune) await prune(importing, gone);
  else for (const object of gone) terminal.err(`${objectId(object)} is not in the backup: --prune deletes it\n`);
}
