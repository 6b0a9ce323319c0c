import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ApplicationSourceKustomize } from '@plumbline/apis';
import { parseYaml, toYaml } from '@plumbline/manifests';

const run = promisify(execFile);

function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([key, value]) => `${key}:${value}`);
}

function flags(given: Readonly<Record<string, boolean | undefined>>): string[] {
  return Object.entries(given).flatMap(([flag, isSet]) => (isSet ? [`--${flag}`] : []));
}

/** The `kustomize edit` commands that the options stand for (reference §7.3), in their order. */
function commandsOf(options: ApplicationSourceKustomize): { before: string[][]; after: string[][] } {
  const { namePrefix, nameSuffix, images = [], replicas = [], namespace, components = [] } = options;
  const { commonLabels = {}, commonAnnotations = {} } = options;
  const labelFlags = flags({
    force: options.forceCommonLabels,
    'without-selector': options.labelWithoutSelector,
    'include-templates': options.labelIncludeTemplates,
  });
  const annotationFlags = flags({ force: options.forceCommonAnnotations });
  const before = [
    namePrefix ? ['set', 'nameprefix', '--', namePrefix] : [],
    nameSuffix ? ['set', 'namesuffix', '--', nameSuffix] : [],
    images.length > 0 ? ['set', 'image', ...images] : [],
    replicas.length > 0 ? ['set', 'replicas', ...replicas.map(({ name, count }) => `${name}=${count}`)] : [],
    Object.keys(commonLabels).length > 0 ? ['add', 'label', ...labelFlags, ...pairs(commonLabels)] : [],
    Object.keys(commonAnnotations).length > 0
      ? ['add', 'annotation', ...annotationFlags, ...pairs(commonAnnotations)]
      : [],
    namespace ? ['set', 'namespace', '--', namespace] : [],
  ];
  const after = [components.length > 0 ? ['add', 'component', ...components] : []];
  return { before: before.filter((args) => args.length > 0), after: after.filter((args) => args.length > 0) };
}

/** Edits the kustomization of a folder by the tool itself, patches by appending them to the file. */
export async function editByTool(program: string, folder: string, options: ApplicationSourceKustomize): Promise<void> {
  const { before, after } = commandsOf(options);
  for (const args of before) await run(program, ['edit', ...args], { cwd: folder });
  if (options.patches?.length) {
    const file = join(folder, 'kustomization.yaml');
    const kustomization = parseYaml(await readFile(file, 'utf8'), { file }) as Record<string, unknown>;
    const existing = (kustomization['patches'] ?? []) as unknown[];
    await writeFile(file, toYaml({ ...kustomization, patches: [...existing, ...options.patches] }));
  }
  for (const args of after) await run(program, ['edit', ...args], { cwd: folder });
}
