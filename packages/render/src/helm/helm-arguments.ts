import { PlumblineError } from '@plumbline/errors';
import type { OptionFile } from './option-files.ts';
import type { ValueFile } from './value-files.ts';

/** Everything that a chart is rendered with, substituted and resolved. */
export interface HelmOptions {
  releaseName: string;
  namespace: string;
  kubeVersion: string;
  apiVersions: readonly string[];
  parameters: readonly { name: string; value: string; forceString: boolean }[];
  /** Paths from the root of the repository. */
  fileParameters: readonly { name: string; file: OptionFile }[];
  valueFiles: readonly ValueFile[];
  /** Inline values as YAML; '' for none. */
  values: string;
  includeCrds: boolean;
  skipTests: boolean;
  skipSchemaValidation: boolean;
}

/** `,` separates values after --set: it is escaped, unless the value is a list `{a,b}` (reference §7.2). */
function escapeCommas(value: string): string {
  if (value.startsWith('{') && value.endsWith('}')) return value;
  return value.replace(/(?<!\\),/g, '\\,');
}

/**
 * `name=path` after `--set-file`. Helm reads more pairs after a `,` of either: the path is escaped, and a name in which a pair
 * could end is refused, because whatever follows would be read from this machine.
 */
function filePair(name: string, path: string): string {
  if (/^(?:[^\\,=]|\\[\s\S])*$/.test(name)) return `${name}=${path.replace(/[\\,]/g, '\\$&')}`;
  throw new PlumblineError('RENDER_INVALID_SOURCE', `file parameter ${JSON.stringify(name)} is no name of a value`, {
    hint: 'commas and equals signs in a name are escaped by a backslash; each file is a parameter of its own',
  });
}

/** `--values` takes a list in the form of CSV: a path with a comma or a quote is one quoted field of it. */
function asField(path: string): string {
  return /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

/**
 * The arguments of `helm template` (reference §7.2). Each value is in one word with its flag: Helm looks through all words
 * for flags before it reads them, and would take a value such as `--debug` for one. Throws `RENDER_INVALID_SOURCE` for a file
 * parameter whose name is none.
 *
 * @param locate turns a file into a path that Helm can open.
 * @param inlineValues the file with the inline values; it comes last, so that it wins over the other files.
 */
export function helmArguments(
  options: HelmOptions,
  locate: (file: ValueFile) => string,
  inlineValues?: string,
): string[] {
  const plain = options.parameters.filter(({ forceString }) => !forceString);
  const forced = options.parameters.filter(({ forceString }) => forceString);
  return [
    'template',
    '.',
    `--name-template=${options.releaseName}`,
    ...(options.namespace ? [`--namespace=${options.namespace}`] : []),
    `--kube-version=${options.kubeVersion}`,
    ...plain.map(({ name, value }) => `--set=${name}=${escapeCommas(value)}`),
    ...forced.map(({ name, value }) => `--set-string=${name}=${escapeCommas(value)}`),
    ...options.fileParameters.map(
      ({ name, file }) => `--set-file=${filePair(name, locate({ kind: 'file', ...file }))}`,
    ),
    ...options.valueFiles.map((file) => `--values=${asField(locate(file))}`),
    ...(inlineValues === undefined ? [] : [`--values=${asField(inlineValues)}`]),
    ...options.apiVersions.map((version) => `--api-versions=${version}`),
    ...(options.includeCrds ? ['--include-crds'] : []),
    ...(options.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(options.skipTests ? ['--skip-tests'] : []),
  ];
}
