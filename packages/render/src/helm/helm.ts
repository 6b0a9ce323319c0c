import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifests } from '@plumbline/manifests';
import { createRemoteFiles, type RemoteFiles } from '../network/remote-files.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { displayPath } from '../repository/paths.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer, TypeTrace } from '../type-renderer.ts';
import type { RenderedSource, TracedInput } from '../types.ts';
import {
  dependencyArchives,
  placeArchives,
  traceLocalDependencies,
  traceRemoteDependencies,
} from './chart-dependencies.ts';
import { holdFiles } from './held-files.ts';
import { type HelmOptions, helmArguments } from './helm-arguments.ts';
import { traceRemoteValues } from './remote-values.ts';
import { optionsNameFiles, resolveOptions } from './resolve-options.ts';
import { type HelmPlace, runHelm, runTemplate } from './run-helm.ts';
import { guardSchemas } from './schemas/guard-schemas.ts';
import { type ChartTracer, createChartTracer } from './trace-chart.ts';
import { findUnstableTemplates, type UnstableTemplates } from './warn-unstable.ts';

/** What renders of charts share. */
interface HelmKit {
  kit: RenderKit;
  charts: ChartTracer;
  unstable: UnstableTemplates;
  remote: RemoteFiles;
}

async function traceSource(
  { kit, charts, remote }: HelmKit,
  at: SourceAtRevision,
  inputs: InputRecorder,
): Promise<TypeTrace> {
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
}

interface Dependencies {
  /** Charts of the same repository. */
  local: readonly string[];
  archives: readonly TracedInput[];
}

/**
 * Brings dependencies into `charts/`: those of the repository one by one where archives lie beside them, because Helm would
 * ask the network for the archives.
 */
async function bringDependencies(kit: RenderKit, place: HelmPlace, { local, archives }: Dependencies): Promise<void> {
  const { at, root } = place;
  const { charts } = at.surroundings;
  const refetch = () => traceRemoteDependencies(recordInputs(at.view), at.folder.path, charts);
  await placeArchives(root, archives, { charts, refetch });
  if (local.length === 0) return;
  if (archives.length === 0) await runHelm(kit, ['dependency', 'build', '--skip-refresh', '.'], place);
  else for (const path of local) await runHelm(kit, ['package', join(root, path), '--destination', 'charts'], place);
}

async function templateArguments(options: HelmOptions, { root, home, files }: HelmPlace): Promise<string[]> {
  const values = options.values === '' ? undefined : join(home, 'inline-values.yaml');
  if (values) await writeFile(values, options.values, { mode: 0o600 });
  return helmArguments(options, (file) => files.locate(file, root), values);
}

function parseOutput(output: string, { folder }: SourceAtRevision) {
  const file = `helm template ${displayPath(folder.path)}`;
  return parseManifests(output, { file, strict: true, duplicateKeys: 'last' });
}

async function renderSource(
  { kit, unstable, remote }: HelmKit,
  at: SourceAtRevision,
  { inputs, signal }: { inputs: readonly TracedInput[]; signal: AbortSignal | undefined },
): Promise<RenderedSource> {
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
  const { valueFiles } = options;
  await using files = await holdFiles(kit, at, { inputs, valueFiles, folder: home.path, remote });
  const root = own?.path ?? held.path;
  const shared: HelmPlace = { root, at, home: home.path, files, signal };
  await bringDependencies(kit, shared, { local, archives });
  await using guarded = options.skipSchemaValidation
    ? undefined
    : await guardSchemas({
        work: kit.work,
        root,
        chart: at.folder.path,
        writable: own !== undefined,
        home: home.path,
        remote,
      });
  const place = { ...shared, root: guarded?.root ?? root };
  const output = await runTemplate(kit, await templateArguments(options, place), place);
  const { objects, warnings } = parseOutput(output, at);
  const { view, folder: chart } = at;
  const { charts } = at.surroundings;
  return { objects, warnings: [...(await unstable.warnings({ view, chart, archives, charts })), ...warnings] };
}

/** Helm charts in Git (reference §7.2). */
export function helmRenderer(kit: RenderKit): TypeRenderer {
  const shared: HelmKit = {
    kit,
    charts: createChartTracer(),
    unstable: findUnstableTemplates(),
    remote: createRemoteFiles(),
  };
  return {
    trace: (at, inputs) => traceSource(shared, at, inputs),
    render: (at, inputs, { signal }) => renderSource(shared, at, { inputs, signal }),
  };
}
