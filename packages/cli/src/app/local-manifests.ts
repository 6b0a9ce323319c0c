import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fatal } from '../fatal.ts';

async function standardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

async function filesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new Fatal(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!facts.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  const rendered = names.find((name) => /^(kustomization\.ya?ml|Chart\.yaml)$/.test(name));
  if (rendered) {
    throw new Fatal(`${path} holds ${rendered}: its files are not manifests yet`, {
      next:
        rendered === 'Chart.yaml'
          ? 'helm template . | plumb app diff … --local -'
          : 'kustomize build . | plumb app diff … --local -',
    });
  }
  return names.map((name) => join(path, name));
}

/** Members of a List stand for themselves. */
function flat(document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return [];
  if ('kind' in document && document.kind === 'List' && 'items' in document && Array.isArray(document.items)) {
    return document.items;
  }
  return [document];
}

/**
 * Manifests of this machine as JSON texts: of a file, of the YAML and JSON files of a folder, or of standard input. Throws
 * Fatal where there are none, naming the file that cannot be read.
 */
export async function localManifests(path: string): Promise<string[]> {
  const { loadAll } = await import('js-yaml');
  const texts =
    path === '-'
      ? [{ file: 'standard input', text: await standardInput() }]
      : await Promise.all((await filesOf(path)).map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  const objects = texts.flatMap(({ file, text }) => {
    try {
      return loadAll(text).flatMap(flat);
    } catch (error) {
      throw new Fatal(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  if (objects.length === 0) throw new Fatal(`${path === '-' ? 'standard input' : path} holds no manifests`);
  return objects.map((object) => JSON.stringify(object));
}
