import { readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { hasForeignSchemas, localiseArchive } from './archive-schemas.ts';
import { localiseSchema, type SchemaPlace } from './localise-schema.ts';

export interface LocaliseOptions extends SchemaPlace {
  /** Where the repository lies, for errors. */
  root: string;
}

/** A file to be written in the place of another. */
export interface SchemaChange {
  path: string;
  content: string | Buffer;
}

const schemaName = 'values.schema.json';

/** Schemas and archives below a folder, also through symlinks, as Helm goes. */
async function* chartFiles(folder: string, above: ReadonlySet<string>): AsyncGenerator<string> {
  const own = await realpath(folder);
  if (above.has(own)) return;
  const inside = new Set([...above, own]);
  const names = await readdir(folder);
  const isChart = names.includes('Chart.yaml');
  const holdsCharts = basename(folder) === 'charts';
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) yield* chartFiles(path, inside);
    else if (found?.isFile() && ((isChart && name === schemaName) || (holdsCharts && name.endsWith('.tgz'))))
      yield path;
  }
}

async function changeOf(path: string, options: LocaliseOptions): Promise<SchemaChange | undefined> {
  const name = relative(options.root, path);
  if (basename(path) === schemaName) {
    const content = await localiseSchema(await readFile(path, 'utf8'), name, options);
    return content === undefined ? undefined : { path, content };
  }
  if (!(await hasForeignSchemas(path, name))) return undefined;
  return { path, content: await localiseArchive(await readFile(path), name, options) };
}

/** What has to be written so that no schema of the charts in a folder leads elsewhere ({@link localiseSchema}). */
export async function schemaChanges(folder: string, options: LocaliseOptions): Promise<SchemaChange[]> {
  const changes: SchemaChange[] = [];
  for await (const path of chartFiles(folder, new Set())) {
    const change = await changeOf(path, options);
    if (change) changes.push(change);
  }
  return changes;
}

/** Writes the changes below another folder that has the same files, or the same one. Links are replaced, never written through. */
export async function writeChanges(
  changes: readonly SchemaChange[],
  { from, to }: { from: string; to: string },
): Promise<void> {
  for (const { path, content } of changes) {
    const target = join(to, relative(from, path));
    await rm(target, { force: true });
    await writeFile(target, content, { flag: 'wx' });
  }
}
