import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { parseManifests, parseYaml, toYaml } from '@plumbline/manifests';
import { substitute } from '../build-environment.ts';
import { displayPath, joinPath } from '../repository/paths.ts';
import { runTool } from '../tool/run-tool.ts';
import { toolEnvironment } from '../tool/tool-environment.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer } from '../type-renderer.ts';
import { editKustomization, hasEdits, type KustomizeEdits } from './edit-kustomization.ts';
import { isMembers, kustomizationFiles } from './kustomization.ts';
import { createKustomizeTracer } from './trace-kustomize.ts';

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** The options with the build environment put in and missing components left out where they may be. */
async function resolveEdits({ view, folder, source, environment }: SourceAtRevision): Promise<KustomizeEdits> {
  const { ignoreMissingComponents, commonAnnotationsEnvsubst, ...options } = source.kustomize ?? {};
  const put = (text: string) => substitute(text, environment);
  const components: string[] = [];
  for (const component of options.components ?? []) {
    if (ignoreMissingComponents && !(await view.find(joinPath(folder.path, component)))) continue;
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

/** The program of `kustomize.version`, or the default one. */
function programOf(kit: RenderKit, { source, context }: SourceAtRevision): string {
  const version = source.kustomize?.version;
  if (!version) return kit.tools.kustomize;
  const program = context.settings.kustomizePaths[version];
  if (program) return program;
  throw new PlumblineError('RENDER_INVALID_SOURCE', `kustomize version ${version} is not registered`, {
    hint: `add kustomize.path.${version} to argocd-cm or remove kustomize.version`,
  });
}

/** Charts in a kustomization are rendered for the destination cluster. */
function helmArguments(kit: RenderKit, { source, context }: SourceAtRevision): string[] {
  if (!context.settings.kustomizeBuildOptions.includes('--enable-helm')) return [];
  const kubeVersion = source.kustomize?.kubeVersion || context.kubeVersion;
  const apiVersions = source.kustomize?.apiVersions?.length ? source.kustomize.apiVersions : context.apiVersions;
  return [
    '--helm-command',
    kit.tools.helm,
    '--helm-kube-version',
    kubeVersion,
    ...apiVersions.flatMap((version) => ['--helm-api-versions', version]),
  ];
}

/** Writes the edited kustomization file of the source into the private copy of its folder. */
async function applyEdits(at: SourceAtRevision, edits: KustomizeEdits, root: string): Promise<void> {
  const [file, ...others] = await kustomizationFiles(at.view, at.folder.path);
  if (file === undefined) {
    throw new PlumblineError('RENDER_FAILED', `${displayPath(at.folder.path)}: there is no kustomization file`);
  }
  // Two files are refused by kustomize in its own words.
  if (others.length > 0) return;
  const found = await at.view.find(file);
  const kustomization = found && parseYaml(await at.view.text(found.oid), { file });
  if (!isMembers(kustomization)) {
    throw new PlumblineError('RENDER_FAILED', `${file}: expected a mapping`, { details: { file } });
  }
  const target = join(root, file);
  await rm(target, { force: true });
  await writeFile(target, toYaml(editKustomization(kustomization, edits)), { flag: 'wx' });
}

/** Kustomize sources (reference §7.3). */
export function kustomizeRenderer(kit: RenderKit): TypeRenderer {
  const tracer = createKustomizeTracer();

  const build = async (at: SourceAtRevision, root: string, signal: AbortSignal | undefined): Promise<string> => {
    const home = await kit.work.home();
    const folder = displayPath(at.folder.path);
    return runTool({
      tool: 'kustomize',
      program: programOf(kit, at),
      args: ['build', folder, ...at.context.settings.kustomizeBuildOptions, ...helmArguments(kit, at)],
      cwd: root,
      env: toolEnvironment(home),
      what: `kustomize build ${folder}`,
      readable: (text) => text.replaceAll(`${root}/`, '').replaceAll(root, '.'),
      signal,
      timeoutMs: kit.timeoutMs,
      maxOutputBytes: kit.maxOutputBytes,
      maxMemoryBytes: kit.maxMemoryBytes,
    });
  };

  return {
    async trace(at, inputs) {
      const buildOptions = at.context.settings.kustomizeBuildOptions;
      const { complete } = await tracer.trace(inputs, at.folder.path, {
        options: at.source.kustomize ?? {},
        buildOptions,
      });
      const tools = {
        kustomize: await kit.versions.of('kustomize', programOf(kit, at)),
        ...(complete ? {} : { helm: await kit.versions.of('helm', kit.tools.helm) }),
      };
      const context = complete ? {} : { repoURL: at.source.repoURL, helm: helmArguments(kit, at).slice(2) };
      return { facts: { edits: await resolveEdits(at), buildOptions, ...context }, tools };
    },

    async render(at, inputs, { signal }) {
      const edits = await resolveEdits(at);
      await using held = await kit.work.hold(at.view, inputs);
      const isPrivate = hasEdits(edits) || inputs.some(({ path }) => path === '');
      await using scratch = isPrivate ? await kit.work.scratch({ path: held.path, mode: 'link' }) : undefined;
      if (scratch && hasEdits(edits)) await applyEdits(at, edits, scratch.path);
      const output = await build(at, scratch?.path ?? held.path, signal);
      return parseManifests(output, { file: `kustomize build ${displayPath(at.folder.path)}`, strict: true });
    },
  };
}
