import type { ApplicationSourceHelm } from '@plumbline/apis';
import { toYaml } from '@plumbline/manifests';
import { substitute } from '../build-environment.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import type { HelmOptions } from './helm-arguments.ts';
import { type OptionFile, optionFile, optionFiles, requireFile } from './option-files.ts';
import { namesFiles } from './trace-chart.ts';
import { resolveValueFiles } from './value-files.ts';

function inlineValues({ valuesObject, values }: ApplicationSourceHelm): string {
  return valuesObject ? toYaml(valuesObject) : (values ?? '');
}

/** Options with the build environment put in and files looked up (and so recorded). */
export async function resolveOptions(at: SourceAtRevision, inputs: InputRecorder): Promise<HelmOptions> {
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
    // Names of releases take no underscore: the namespace before the Application's own name is left out.
    releaseName: helm.releaseName || context.appName.replace(/^[^_]*_/, ''),
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
export async function optionsNameFiles({ view }: SourceAtRevision, options: HelmOptions): Promise<boolean> {
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
