import { readFile } from 'node:fs/promises';
import { Fatal } from '../../fatal.ts';

async function standardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

/** Members of a List stand for themselves. */
function flat(document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return [];
  if ('kind' in document && document.kind === 'List' && 'items' in document && Array.isArray(document.items)) {
    return document.items;
  }
  return [document];
}

/** Rendered manifests as JSON texts: of a file, or of standard input for `-`. Throws Fatal where there are none. */
export async function manifestsIn(path: string): Promise<string[]> {
  const what = path === '-' ? 'standard input' : path;
  const text = path === '-' ? await standardInput() : await readFile(path, 'utf8');
  const { loadAll } = await import('js-yaml');
  let objects: unknown[];
  try {
    objects = loadAll(text).flatMap(flat);
  } catch (error) {
    throw new Fatal(`${what} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (objects.length === 0) throw new Fatal(`${what} holds no manifests`);
  return objects.map((object) => JSON.stringify(object));
}
