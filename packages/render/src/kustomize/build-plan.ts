import { PlumblineError } from '@plumbline/errors';
import { toolEnvironment } from '../tool/tool-environment.ts';
import type { RenderKit, SourceAtRevision } from '../type-renderer.ts';

/** How kustomize is run for a source. */
export interface BuildPlan {
  program: string;
  buildOptions: readonly string[];
  /** Charts are rendered for the destination cluster. */
  helmArguments: readonly string[];
  /** What the operator lets plugins see of the environment. */
  pluginEnvironment: Readonly<Record<string, string>>;
}

/** Whether kustomize renders charts. */
export function rendersCharts(buildOptions: readonly string[]): boolean {
  return buildOptions.includes('--enable-helm') || buildOptions.includes('--enable-helm=true');
}

/** Whether kustomize may start programs that are no part of it. */
export function runsPlugins({ buildOptions }: Pick<BuildPlan, 'buildOptions'>): boolean {
  return buildOptions.some((option) => /^--enable-(?:alpha-plugins|exec)(?:=true)?$/.test(option));
}

/** The program and build options of `kustomize.version`, or the default ones. Throws `RENDER_INVALID_SOURCE`. */
function versionOf(kit: RenderKit, { source, context }: SourceAtRevision): Pick<BuildPlan, 'program' | 'buildOptions'> {
  const { kustomizePaths, kustomizeBuildOptions, kustomizeVersionOptions = {} } = context.settings;
  const version = source.kustomize?.version;
  if (!version) return { program: kit.tools.kustomize, buildOptions: kustomizeBuildOptions };
  const program = Object.hasOwn(kustomizePaths, version) ? kustomizePaths[version] : undefined;
  if (program) return { program, buildOptions: kustomizeVersionOptions[version] ?? [] };
  const known = Object.keys(kustomizePaths).sort().join(', ');
  throw new PlumblineError('RENDER_INVALID_SOURCE', `kustomize version ${version} is not registered`, {
    hint: `${known ? `registered: ${known}; ` : ''}add kustomize.path.${version} to argocd-cm or remove kustomize.version`,
  });
}

export function buildPlan(kit: RenderKit, at: SourceAtRevision): BuildPlan {
  const { program, buildOptions } = versionOf(kit, at);
  const { source, context } = at;
  const kubeVersion = source.kustomize?.kubeVersion || context.kubeVersion;
  const apiVersions = source.kustomize?.apiVersions?.length ? source.kustomize.apiVersions : context.apiVersions;
  const ownHelm = buildOptions.some((option) => /^--helm-command(?:=|$)/.test(option));
  const helmArguments = [
    ...(ownHelm ? [] : ['--helm-command', kit.tools.helm]),
    ...(kubeVersion === '' ? [] : ['--helm-kube-version', kubeVersion]),
    ...apiVersions.flatMap((version) => ['--helm-api-versions', version]),
  ];
  return {
    program,
    buildOptions,
    helmArguments: rendersCharts(buildOptions) ? helmArguments : [],
    pluginEnvironment: runsPlugins({ buildOptions }) ? kit.pluginEnvironment : {},
  };
}

/**
 * The environment of a run. What is remote has been brought here: kustomize itself is left no way to ask for more, neither
 * by git nor by HTTP. Plugins may ask whom they need (a key service), and get what the operator lists.
 */
export function kustomizeEnvironment(
  home: string,
  plan: BuildPlan,
  { plugins }: { plugins: boolean },
): Record<string, string> {
  const base = { ...toolEnvironment(home), GIT_ALLOW_PROTOCOL: 'none' };
  if (plugins) return { ...base, ...plan.pluginEnvironment };
  const nowhere = 'http://127.0.0.1:9';
  return { ...base, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: '' };
}
