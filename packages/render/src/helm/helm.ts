import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationSourceHelm } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { parseManifests, toYaml } from '@plumbline/manifests';
import { substitute } from '../build-environment.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { displayPath } from '../repository/paths.ts';
import { runTool } from '../tool/run-tool.ts';
import { toolEnvironment } from '../tool/tool-environment.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer } from '../type-renderer.ts';
import type { TracedInput } from '../types.ts';
import { traceDependencies } from './chart-dependencies.ts';
import { type HelmOptions, helmArguments } from './helm-arguments.ts';
import { requireFile, resolveValueFiles } from './value-files.ts';

function inlineValues({ valuesObject, values }: ApplicationSourceHelm): string {
  if (valuesObject && Object.keys(valuesObject).length > 0) return toYaml(valuesObject);
  return values ?? '';
}

/** Options with the build environment put in and files looked up (and so recorded). */
async function resolveOptions(at: SourceAtRevision, inputs: InputRecorder): Promise<HelmOptions> {
  const { context, environment, folder } = at;
  const helm = at.source.helm ?? {};
  const put = (text: string | undefined) => substitute(text ?? '', environment);
  const fileParameters: { name: string; path: string }[] = [];
  for (const { name = '', path } of helm.fileParameters ?? []) {
    const found = await requireFile({ inputs, folder: folder.path, what: 'file parameter' }, put(path));
    fileParameters.push({ name, path: found.path });
  }
  const ignoreMissing = helm.ignoreMissingValueFiles ?? false;
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
    valueFiles: await resolveValueFiles(inputs, folder.path, {
      names: helm.valueFiles ?? [],
      ignoreMissing,
      environment,
    }),
    values: inlineValues(helm),
    includeCrds: !helm.skipCrds,
    skipTests: helm.skipTests ?? false,
    skipSchemaValidation: helm.skipSchemaValidation ?? false,
  };
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
  const run = async (
    args: string[],
    { root, at, home, signal }: { root: string; at: SourceAtRevision; home: string; signal: AbortSignal | undefined },
  ) => {
    const folder = displayPath(at.folder.path);
    return runTool({
      tool: 'helm',
      program: kit.tools.helm,
      args,
      cwd: join(root, at.folder.path),
      env: toolEnvironment(home),
      what: `helm ${args[0] === 'template' ? 'template' : 'dependency build'} ${folder}`,
      readable: (text) => text.replaceAll(`${root}/`, '').replaceAll(root, '.').replaceAll(`${home}/`, ''),
      signal,
      timeoutMs: kit.timeoutMs,
      maxOutputBytes: kit.maxOutputBytes,
    });
  };

  return {
    async trace(at, inputs) {
      await inputs.look('', at.folder.path);
      const dependencies = await traceDependencies(inputs, at.folder.path);
      const options = await resolveOptions(at, inputs);
      return { facts: { options, dependencies }, tools: { helm: await kit.versions.of('helm', kit.tools.helm) } };
    },

    async render(at, inputs: readonly TracedInput[], { signal }) {
      const lookUps = recordInputs(at.view);
      const dependencies = await traceDependencies(lookUps, at.folder.path);
      const options = await resolveOptions(at, lookUps);
      await using held = await kit.work.hold(at.view, inputs);
      await using own = dependencies ? await kit.work.scratch({ path: held.path, mode: 'copy' }) : undefined;
      await using home = await kit.work.scratch();
      const root = own?.path ?? held.path;
      const place = { root, at, home: home.path, signal };
      if (own) await run(['dependency', 'build', '--skip-refresh', '.'], place);
      const values = options.values === '' ? undefined : join(home.path, 'inline-values.yaml');
      if (values) await writeFile(values, options.values, { mode: 0o600 });
      const args = helmArguments(options, (path) => join(root, path), values);
      const output = await run(args, place).catch((error: unknown) => {
        throw withHint(error);
      });
      return parseManifests(output, {
        file: `helm template ${displayPath(at.folder.path)}`,
        strict: true,
        duplicateKeys: 'last',
      });
    },
  };
}
