import { join } from 'node:path';
import { parseManifests } from '@plumbline/manifests';
import { substitute } from '../build-environment.ts';
import { createRemoteFiles } from '../network/remote-files.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { displayPath, joinPath } from '../repository/paths.ts';
import { withApart } from '../tool/apart.ts';
import { runTool } from '../tool/run-tool.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer } from '../type-renderer.ts';
import { type BuildPlan, buildPlan, kustomizeEnvironment, rendersCharts, runsPlugins } from './build-plan.ts';
import { editKustomization, hasEdits, type KustomizeEdits } from './edit-kustomization.ts';
import type { Kustomization } from './kustomization.ts';
import { createKustomizationReader } from './kustomization-reader.ts';
import { restoreOrigins } from './origins.ts';
import { isPresentInput, presentContent, type RemoteContent, tracedContent } from './remote-content.ts';
import { isHttpUrl, parseRepoSpec } from './repo-spec.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { walkKustomization } from './walk-kustomization.ts';

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** A component by URL is never missing: it is there, or an error. */
async function isMissing({ view, folder }: SourceAtRevision, component: string): Promise<boolean> {
  if (isHttpUrl(component) || parseRepoSpec(component)) return false;
  return (await view.find(joinPath(folder.path, component))) === null;
}

/** The options with the build environment put in and missing components left out where they may be. */
async function resolveEdits(at: SourceAtRevision): Promise<KustomizeEdits> {
  const { source, environment } = at;
  const { ignoreMissingComponents, commonAnnotationsEnvsubst, ...options } = source.kustomize ?? {};
  const put = (text: string) => substitute(text, environment);
  const components: string[] = [];
  for (const component of options.components ?? []) {
    if (ignoreMissingComponents && (await isMissing(at, component))) continue;
    components.push(component);
  }
  return {
    ...options,
    components,
    ...(options.images ? { images: options.images.map(put) } : {}),
    ...(options.commonLabels ? { commonLabels: mapValues(options.commonLabels, put) } : {}),
    ...(options.commonAnnotations && commonAnnotationsEnvsubst
      ? { commonAnnotations: mapValues(options.commonAnnotations, put) }
      : {}),
  };
}

/** What kustomize says of Helm's command line is long, of this machine, and no help. */
function withoutCommand(text: string, helm: string): string {
  return text.replaceAll(helm, 'helm').replace(/: unable to run: 'helm .*? \(is 'helm' installed\?\)/gs, '');
}

/** Kustomize sources (reference §7.3). */
export function kustomizeRenderer(kit: RenderKit): TypeRenderer {
  const reader = createKustomizationReader();
  const files = createRemoteFiles();

  const walk = (at: SourceAtRevision, inputs: InputRecorder, content: RemoteContent) => {
    const { buildOptions } = buildPlan(kit, at);
    return walkKustomization(inputs, at.folder.path, {
      options: at.source.kustomize ?? {},
      content,
      reader,
      unrestricted: buildOptions.some((option) => option.includes('LoadRestrictionsNone')),
      charts: rendersCharts(buildOptions),
    });
  };

  const build = async (
    at: SourceAtRevision,
    { sandbox, plan, signal }: { sandbox: Sandbox; plan: BuildPlan; signal: AbortSignal | undefined },
  ): Promise<string> => {
    const home = sandbox.own ? join(sandbox.own, 'home') : await kit.work.home();
    const folder = displayPath(at.folder.path);
    // The leading dot keeps kustomize from taking the name of a folder for an address.
    const args = ['build', folder === '.' ? folder : `./${folder}`, ...plan.buildOptions, ...plan.helmArguments];
    const command = { program: plan.program, args };
    return runTool({
      tool: 'kustomize',
      ...(sandbox.own ? await withApart(command, { own: sandbox.own, hidden: kit.hiddenFromPlugins }) : command),
      cwd: sandbox.root,
      env: kustomizeEnvironment(home, plan, { plugins: sandbox.own !== undefined }),
      what: `kustomize build ${folder}`,
      readable: (text) => withoutCommand(sandbox.readable(text).replaceAll(`${home}/`, ''), kit.tools.helm),
      signal,
      timeoutMs: kit.timeoutMs,
      maxOutputBytes: kit.maxOutputBytes,
      maxMemoryBytes: kit.maxMemoryBytes,
    });
  };

  return {
    async trace(at, inputs) {
      const plan = buildPlan(kit, at);
      const content = presentContent(inputs, { surroundings: at.surroundings, files });
      const { usesCharts, usesPlugins } = await walk(at, inputs, content);
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
    },

    async render(at, inputs, { signal }) {
      const plan = buildPlan(kit, at);
      const content = tracedContent(inputs, { surroundings: at.surroundings, files });
      const walked = await walk(at, recordInputs(at.view), content);
      const edits = await resolveEdits(at);
      const change = (kustomization: Kustomization) => editKustomization(kustomization, edits);
      await using sandbox = await openSandbox({
        work: kit.work,
        inputs: inputs.filter(({ from }) => from === undefined),
        walk: walked,
        edit: hasEdits(edits) ? { folder: at.folder.path, change } : undefined,
        plugins: walked.usesPlugins && runsPlugins(plan),
      });
      const output = await build(at, { sandbox, plan, signal });
      const file = `kustomize build ${displayPath(at.folder.path)}`;
      const { objects, warnings } = parseManifests(output, { file, strict: true });
      return { objects: restoreOrigins(objects, walked.realms), warnings };
    },
  };
}
