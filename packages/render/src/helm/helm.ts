import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationSourceHelm } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { parseManifests, toYaml } from '@plumbline/manifests';
import { substitute } from '../build-environment.ts';
import { createRemoteFiles } from '../network/remote-files.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { displayPath } from '../repository/paths.ts';
import { runTool } from '../tool/run-tool.ts';
import { toolEnvironment } from '../tool/tool-environment.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer } from '../type-renderer.ts';
import type { TracedInput } from '../types.ts';
import {
  dependencyArchives,
  placeArchives,
  traceLocalDependencies,
  traceRemoteDependencies,
} from './chart-dependencies.ts';
import { type HeldFiles, holdFiles } from './held-files.ts';
import { type HelmOptions, helmArguments } from './helm-arguments.ts';
import { type OptionFile, optionFile, optionFiles, requireFile } from './option-files.ts';
import { traceRemoteValues } from './remote-values.ts';
import { createChartTracer, namesFiles } from './trace-chart.ts';
import { resolveValueFiles } from './value-files.ts';
import { findUnstableTemplates } from './warn-unstable.ts';

function inlineValues({ valuesObject, values }: ApplicationSourceHelm): string {
  if (valuesObject && Object.keys(valuesObject).length > 0) return toYaml(valuesObject);
  return values ?? '';
}

/** Options with the build environment put in and files looked up (and so recorded). */
async function resolveOptions(at: SourceAtRevision, inputs: InputRecorder): Promise<HelmOptions> {
  const { context, environment } = at;
  const helm = at.source.helm ?? {};
  const put = (text: string | undefined) => substitute(text ?? '', environment);
  const files = optionFiles(at, inputs);
  const fileParameters: { name: string; file: OptionFile }[] = [];
  for (const { name = '', path: option = '' } of helm.fileParameters ?? []) {
    const { place, path } = await files.place(option, 'file parameter');
    fileParameters.push({ name, file: optionFile(place, await requireFile(place, path)) });
  }
  const valueFiles = await resolveValueFiles(files, {
    names: helm.valueFiles ?? [],
    ignoreMissing: helm.ignoreMissingValueFiles ?? false,
    schemes: context.settings.valuesFileSchemes,
  });
  files.finish();
  return {
    releaseName: helm.releaseName || context.appName,
    namespace: helm.namespace || context.namespace,
    kubeVersion: helm.kubeVersion || context.kubeVersion,
    apiVersions: helm.apiVersions?.length ? helm.apiVersions : context.apiVersions,
    parameters: (helm.parameters ?? []).map(({ name = '', value, forceString = false }) => ({
      name,
      value: put(value),
      forceString,
    })),
    fileParameters,
    valueFiles,
    values: inlineValues(helm),
    includeCrds: !helm.skipCrds,
    skipTests: helm.skipTests ?? false,
    skipSchemaValidation: helm.skipSchemaValidation ?? false,
  };
}

/** Whether values from outside the chart could make it read files, where it evaluates values; those of elsewhere might. */
async function optionsNameFiles({ view }: SourceAtRevision, options: HelmOptions): Promise<boolean> {
  if (namesFiles(options.values) || options.parameters.some(({ value }) => namesFiles(value))) return true;
  const files = [
    ...options.valueFiles,
    ...options.fileParameters.map(({ file }) => ({ kind: 'file' as const, ...file })),
  ];
  for (const file of files) {
    if (file.kind === 'url' || file.from !== undefined) return true;
    const found = await view.find(file.path);
    if (found && namesFiles(await view.text(found.oid))) return true;
  }
  return false;
}

const missingDependency = /missing in charts\/ directory|dependencies need to be fetched/;

function withHint(error: unknown): unknown {
  if (!(error instanceof PlumblineError) || !missingDependency.test(error.message)) return error;
  return new PlumblineError(error.code, error.message, {
    details: error.details,
    hint: 'put the dependency into charts/ (helm dependency build), or refer to a chart of the same repository by file://',
  });
}

/** Helm charts in Git (reference §7.2). */
export function helmRenderer(kit: RenderKit): TypeRenderer {
  const unstable = findUnstableTemplates();
  const charts = createChartTracer();
  const remote = createRemoteFiles();
  const run = async (
    args: string[],
    {
      root,
      at,
      home,
      files,
      signal,
    }: { root: string; at: SourceAtRevision; home: string; files: HeldFiles; signal: AbortSignal | undefined },
  ) => {
    const folder = displayPath(at.folder.path);
    return runTool({
      tool: 'helm',
      program: kit.tools.helm,
      args,
      cwd: join(root, at.folder.path),
      env: toolEnvironment(home),
      what: `helm ${args[0] === 'dependency' ? 'dependency build' : args[0]} ${folder}`,
      readable: (text) =>
        files.readable(text).replaceAll(`${root}/`, '').replaceAll(root, '.').replaceAll(`${home}/`, ''),
      signal,
      timeoutMs: kit.timeoutMs,
      maxOutputBytes: kit.maxOutputBytes,
      maxMemoryBytes: kit.maxMemoryBytes,
    });
  };

  /** Brings charts of the same repository into `charts/`; beside archives one by one, because Helm would ask the network for those. */
  const buildLocal = async (
    place: Parameters<typeof run>[1],
    { local, alone }: { local: readonly string[]; alone: boolean },
  ): Promise<void> => {
    if (alone) await run(['dependency', 'build', '--skip-refresh', '.'], place);
    else for (const path of local) await run(['package', join(place.root, path), '--destination', 'charts'], place);
  };

  return {
    async trace(at, inputs) {
      const { local } = await traceLocalDependencies(inputs, at.folder.path);
      await traceRemoteDependencies(inputs, at.folder.path, at.surroundings.charts);
      const options = await resolveOptions(at, inputs);
      const { fresh = false } = at.surroundings;
      const hasRemote = await traceRemoteValues(inputs, options.valueFiles, { remote, fresh });
      const opaque = dependencyArchives(inputs.inputs()).length > 0;
      const valuesNameFiles = await optionsNameFiles(at, options);
      await charts.trace(inputs, at.folder.path, { libraries: local, opaque, valuesNameFiles });
      return {
        facts: { options, dependencies: local.length > 0 },
        tools: { helm: await kit.versions.of('helm', kit.tools.helm) },
        ...(hasRemote ? { momentary: true } : {}),
      };
    },

    async render(at, inputs: readonly TracedInput[], { signal }) {
      const lookUps = recordInputs(at.view);
      const { local } = await traceLocalDependencies(lookUps, at.folder.path);
      const archives = dependencyArchives(inputs);
      const options = await resolveOptions(at, lookUps);
      const ownInputs = inputs.filter(({ from }) => from === undefined);
      await using held = await kit.work.hold(at.view, ownInputs);
      const mode = local.length > 0 ? 'copy' : 'link';
      const builds = local.length + archives.length > 0;
      await using own = builds ? await kit.work.scratch({ path: held.path, mode }) : undefined;
      await using home = await kit.work.scratch();
      const root = own?.path ?? held.path;
      const { valueFiles } = options;
      await using files = await holdFiles(kit, at, { inputs, valueFiles, folder: home.path, remote });
      const place = { root, at, home: home.path, files, signal };
      const { charts } = at.surroundings;
      const refetch = () => traceRemoteDependencies(recordInputs(at.view), at.folder.path, charts);
      await placeArchives(root, archives, { charts, refetch });
      if (local.length > 0) await buildLocal(place, { local, alone: archives.length === 0 });
      const values = options.values === '' ? undefined : join(home.path, 'inline-values.yaml');
      if (values) await writeFile(values, options.values, { mode: 0o600 });
      const args = helmArguments(options, (file) => files.locate(file, root), values);
      const output = await run(args, place).catch((error: unknown) => {
        throw withHint(error);
      });
      const { objects, warnings } = parseManifests(output, {
        file: `helm template ${displayPath(at.folder.path)}`,
        strict: true,
        duplicateKeys: 'last',
      });
      const { view, folder: chart } = at;
      return { objects, warnings: [...(await unstable.warnings({ view, chart, archives, charts })), ...warnings] };
    },
  };
}
