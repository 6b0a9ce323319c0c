import type { Application, ApplicationSpec } from '@plumbline/apis';
import { type ApiClient, ApiError, type ApplicationInput } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { declaredIn } from '../declared-in.ts';
import { editValue } from '../edit-text.ts';
import { Fatal } from '../fatal.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { pairMap } from './definition/pairs.ts';
import { type FlagValues, withSourceFlags } from './definition/source-flags.ts';
import { type SourceChoice, withAddedSource, withoutSource, withSource } from './definition/source-position.ts';
import { type SpecFlags, withSpecFlags } from './definition/spec-flags.ts';
import { withoutFlags } from './definition/unset-flags.ts';

export interface CreateOptions extends GlobalOptions, SpecFlags {
  file?: string;
  label?: string[];
  annotations?: string[];
  setFinalizer?: boolean;
  upsert?: boolean;
  /** The same as the argument. */
  name?: string;
  validate?: boolean;
  output?: OutputFormat;
}

interface ChangeOptions extends GlobalOptions, SpecFlags, SourceChoice {
  validate: boolean;
}

const finalizer = 'resources-finalizer.argocd.argoproj.io';

async function declared(file: string | undefined, name: string | undefined): Promise<ApplicationInput[]> {
  if (file) {
    const documents = await declaredIn<ApplicationInput>(file, 'Application');
    if (name && documents.length > 1) throw new Fatal(`${file} holds several applications: name none`, { exitCode: 1 });
    return documents.map((document) => ({
      ...document,
      metadata: { ...document.metadata, name: name ?? document.metadata?.name ?? '' },
    }));
  }
  if (!name) throw new Fatal('no application is named', { next: 'give a name, or a file with --file', exitCode: 1 });
  return [{ metadata: { name }, spec: { project: 'default', destination: {} } }];
}

/** `namespace/name` as the metadata has it. */
function named(metadata: ApplicationInput['metadata'], namespace: string | undefined): ApplicationInput['metadata'] {
  const [first = '', second] = metadata.name.split('/');
  if (second !== undefined) return { ...metadata, namespace: first, name: second };
  return namespace ? { ...metadata, namespace } : metadata;
}

function complete(application: ApplicationInput, options: CreateOptions): ApplicationInput {
  const { metadata, spec } = application;
  const values = options as unknown as FlagValues;
  const withFlags = withSpecFlags(
    { ...spec, destination: spec?.destination ?? {}, project: spec?.project || 'default' },
    options,
  );
  const hasSource = !spec?.sources?.length && !withFlags.sourceHydrator;
  const source = !hasSource ? undefined : withSourceFlags(spec?.source ?? { repoURL: '' }, values);
  const labels = { ...metadata.labels, ...pairMap(options.label ?? []) };
  const annotations = { ...metadata.annotations, ...pairMap(options.annotations ?? []) };
  const finalizers = options.setFinalizer ? { finalizers: [...(metadata.finalizers ?? []), finalizer] } : {};
  return {
    ...application,
    metadata: {
      ...named(metadata, options.appNamespace),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...finalizers,
    },
    spec: { ...withFlags, ...(source ? { source } : {}) },
  };
}

/** The Applications that a file and the flags describe, or the flags alone. */
export async function declaredApplications(
  name: string | undefined,
  options: CreateOptions,
): Promise<ApplicationInput[]> {
  const all = await declared(options.file, name ?? options.name);
  return all.map((application) => complete(application, options));
}

async function exists(client: ApiClient, name: string): Promise<boolean> {
  return client.call('getApplication', { params: { name } }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiError && [403, 404].includes(error.status)) return false;
      throw error;
    },
  );
}

/** `plumb app create`: by flags, or from a file, which flags may complete. */
export async function createApps(terminal: Terminal, name: string | undefined, options: CreateOptions): Promise<void> {
  const client = await connect(options);
  const { upsert, validate = true } = options;
  for (const body of await declaredApplications(name, options)) {
    const { metadata } = body;
    const full = metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
    const before = await exists(client, full);
    const made = await client.call('createApplication', { body, query: { validate, upsert: upsert ?? false } });
    if (options.output === 'json' || options.output === 'yaml') await printData(terminal, options.output, made);
    else
      terminal.out(`application '${made.metadata.name}' ${!before ? 'created' : upsert ? 'updated' : 'unchanged'}\n`);
  }
}

async function change(
  name: string,
  options: ChangeOptions,
  changed: (spec: ApplicationSpec) => ApplicationSpec,
): Promise<Application> {
  const client = await connect(options);
  const application = await client.call('getApplication', { params: { name } });
  const body = changed(application.spec);
  await client.call('updateApplicationSpec', { params: { name }, body, query: { validate: options.validate } });
  return application;
}

/** `plumb app set`: changes what the flags name. */
export async function setApp(terminal: Terminal, name: string, options: ChangeOptions): Promise<void> {
  const values = options as unknown as FlagValues;
  await change(name, options, (spec) => {
    const next = withSpecFlags(spec, options);
    const asked = withSourceFlags({ repoURL: '' }, { ...values, sourceName: undefined });
    const untouched = asked.repoURL === '' && Object.keys(asked).length === 1;
    return untouched ? next : withSource(next, options, (source) => withSourceFlags(source, values));
  });
  terminal.out(`application '${name}' updated\n`);
}

/** `plumb app unset`: takes away what the flags name. */
export async function unsetApp(terminal: Terminal, name: string, options: ChangeOptions): Promise<void> {
  const values = options as unknown as FlagValues;
  await change(name, options, (spec) => withSource(spec, options, (source) => withoutFlags(source, values)));
  terminal.out(`application '${name}' updated\n`);
}

/** `plumb app add-source`. */
export async function addSource(terminal: Terminal, name: string, options: ChangeOptions): Promise<void> {
  const source = withSourceFlags({ repoURL: '' }, options as unknown as FlagValues);
  if (!source.repoURL) throw new Fatal('the source has no repository', { next: 'give it with --repo', exitCode: 1 });
  await change(name, options, (spec) => withAddedSource(spec, source));
  terminal.out(`application '${name}' has one more source\n`);
}

/** `plumb app remove-source`. */
export async function removeSource(terminal: Terminal, name: string, options: ChangeOptions): Promise<void> {
  await change(name, options, (spec) => withoutSource(spec, options));
  terminal.out(`application '${name}' has one source less\n`);
}

/** `plumb app edit`: the spec in an editor. */
export async function editApp(terminal: Terminal, name: string, options: GlobalOptions): Promise<void> {
  const client = await connect(options);
  const { spec } = await client.call('getApplication', { params: { name } });
  const body = await editValue(spec);
  if (body === undefined) {
    terminal.out('nothing was changed\n');
    return;
  }
  await client.call('updateApplicationSpec', { params: { name }, body: body as ApplicationSpec });
  terminal.out(`application '${name}' updated\n`);
}

/** `plumb app patch`. */
export async function patchApp(
  terminal: Terminal,
  name: string,
  options: GlobalOptions & { patch: string; type: 'json' | 'merge' },
): Promise<void> {
  const client = await connect(options);
  const body = { patch: options.patch, patchType: options.type };
  await printData(terminal, 'yaml', await client.call('patchApplication', { params: { name }, body }));
}
