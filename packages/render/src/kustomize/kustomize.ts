import { parseManifests } from '@plumbline/manifests';
import { createRemoteFiles, type RemoteFiles } from '../network/remote-files.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { displayPath } from '../repository/paths.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer, TypeTrace } from '../type-renderer.ts';
import type { RenderedSource, TracedInput } from '../types.ts';
import { buildPlan, rendersCharts, runsPlugins } from './build-plan.ts';
import { editKustomization, hasEdits } from './edit-kustomization.ts';
import type { Kustomization } from './kustomization.ts';
import { createKustomizationReader, type KustomizationReader } from './kustomization-reader.ts';
import { restoreOrigins } from './origins.ts';
import { isPresentInput, presentContent, type RemoteContent, tracedContent } from './remote-content.ts';
import { resolveEdits } from './resolve-edits.ts';
import { runKustomize } from './run-kustomize.ts';
import { openSandbox } from './sandbox.ts';
import { walkKustomization } from './walk-kustomization.ts';

/** What builds share. */
interface KustomizeKit {
  kit: RenderKit;
  reader: KustomizationReader;
  files: RemoteFiles;
}

function walk(
  { kit, reader }: KustomizeKit,
  at: SourceAtRevision,
  { inputs, content }: { inputs: InputRecorder; content: RemoteContent },
) {
  const plan = buildPlan(kit, at);
  const { buildOptions } = plan;
  return walkKustomization(inputs, at.folder.path, {
    options: at.source.kustomize ?? {},
    content,
    reader,
    unrestricted: buildOptions.some((option) => option.includes('LoadRestrictionsNone')),
    charts: rendersCharts(buildOptions),
    programs: runsPlugins(plan),
  });
}

async function traceSource(shared: KustomizeKit, at: SourceAtRevision, inputs: InputRecorder): Promise<TypeTrace> {
  const { kit, files } = shared;
  const plan = buildPlan(kit, at);
  const content = presentContent(inputs, { surroundings: at.surroundings, files });
  const { usesCharts, usesPlugins } = await walk(shared, at, { inputs, content });
  const edits = await resolveEdits(at);
  const helm = usesCharts ? plan.helmArguments : [];
  const plugins = usesPlugins && runsPlugins(plan) ? { repoURL: at.source.repoURL, ...plan.pluginEnvironment } : {};
  return {
    facts: {
      edits,
      buildOptions: plan.buildOptions,
      helm: helm.filter((argument) => argument !== kit.tools.helm),
      plugins,
    },
    tools: {
      kustomize: await kit.versions.of('kustomize', plan.program),
      ...(usesCharts ? { helm: await kit.versions.of('helm', kit.tools.helm) } : {}),
    },
    ...(inputs.inputs().some(isPresentInput) ? { momentary: true as const } : {}),
  };
}

async function renderSource(
  shared: KustomizeKit,
  at: SourceAtRevision,
  { inputs, signal }: { inputs: readonly TracedInput[]; signal: AbortSignal | undefined },
): Promise<RenderedSource> {
  const { kit, files } = shared;
  const plan = buildPlan(kit, at);
  const content = tracedContent(inputs, { surroundings: at.surroundings, files });
  const walked = await walk(shared, at, { inputs: recordInputs(at.view), content });
  const edits = await resolveEdits(at);
  const change = (kustomization: Kustomization) => editKustomization(kustomization, edits);
  await using sandbox = await openSandbox({
    work: kit.work,
    inputs: inputs.filter(({ from }) => from === undefined),
    walk: walked,
    edit: hasEdits(edits) ? { folder: at.folder.path, change } : undefined,
    files,
    plugins: walked.usesPlugins && runsPlugins(plan),
  });
  const output = await runKustomize(kit, at, { sandbox, plan, signal });
  const file = `kustomize build ${displayPath(at.folder.path)}`;
  const { objects, warnings } = parseManifests(output, { file, strict: true });
  return { objects: restoreOrigins(objects, walked.realms), warnings };
}

/** Kustomize sources (reference §7.3). */
export function kustomizeRenderer(kit: RenderKit): TypeRenderer {
  const shared: KustomizeKit = { kit, reader: createKustomizationReader(), files: createRemoteFiles() };
  return {
    trace: (at, inputs) => traceSource(shared, at, inputs),
    render: (at, inputs, { signal }) => renderSource(shared, at, { inputs, signal }),
  };
}
