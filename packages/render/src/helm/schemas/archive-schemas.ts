import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PlumblineError } from '@plumbline/errors';
import tar from 'tar-stream';
import { boundedMap } from '../../bounded-map.ts';
import { archiveEntries } from '../../charts/archive-entries.ts';
import { localiseSchema, type SchemaPlace } from './localise-schema.ts';
import { readSchema } from './schema-references.ts';

/** The schema of a chart, or of one in it, by the path from the chart. */
const schemaPath = /^(?:charts\/[^/]+\/)*values\.schema\.json$/;
/** A chart in a chart, as an archive. */
const archivePath = /^(?:charts\/[^/]+\/)*charts\/[^/]+\.tgz$/;
const maxDepth = 5;
const limits = { files: 20_000, bytes: 256 * 1024 * 1024 };

function leadsElsewhere(text: string): boolean {
  try {
    const { references, fileId } = readSchema(JSON.parse(text), 'file:///values.schema.json');
    return references.length > 0 || fileId !== undefined;
  } catch {
    return true; // Told with its reason where it is read again.
  }
}

async function search(archive: Readable, name: string, depth: number): Promise<boolean> {
  if (depth > maxDepth)
    throw new PlumblineError('CHART_ARCHIVE', `${name}: archives of charts are too deep in each other`);
  let found = false;
  for await (const { path, kind, content } of archiveEntries(archive, { name, strip: true, limits, gzipped: true })) {
    if (kind !== 'blob' || found || !(schemaPath.test(path) || archivePath.test(path))) continue;
    const bytes = await buffer(Readable.from(content));
    found = schemaPath.test(path)
      ? leadsElsewhere(bytes.toString('utf8'))
      : await search(Readable.from([bytes], { objectMode: false }), `${name}/${path}`, depth + 1);
  }
  return found;
}

const searched = boundedMap<string, boolean>(10_000);

/**
 * Whether a schema in a chart's archive refers to anything but itself; remembered by the file. Throws `CHART_ARCHIVE` where it cannot be read.
 *
 * @param name for errors.
 */
export async function hasForeignSchemas(path: string, name: string): Promise<boolean> {
  const { dev, ino, size, mtimeMs } = await stat(path);
  const key = `${dev} ${ino} ${size} ${mtimeMs}`;
  const known = searched.get(key) ?? (await search(createReadStream(path), name, 1));
  searched.set(key, known);
  return known;
}

/** The archive with its schemas changed ({@link localiseSchema}); all else as it was. */
export async function localiseArchive(archive: Buffer, name: string, place: SchemaPlace): Promise<Buffer> {
  const extract = tar.extract();
  const pack = tar.pack();
  const packed = buffer(pack);
  Readable.from([gunzipSync(archive)], { objectMode: false }).pipe(extract);
  for await (const entry of extract) {
    const path = entry.header.name
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .slice(1)
      .join('/');
    const content = await buffer(entry);
    if (schemaPath.test(path)) {
      const text = content.toString('utf8');
      const changed = (await localiseSchema(text, `${name}/${path}`, place)) ?? text;
      pack.entry({ ...entry.header, size: Buffer.byteLength(changed) }, changed);
    } else if (archivePath.test(path)) {
      const changed = await localiseArchive(content, `${name}/${path}`, place);
      pack.entry({ ...entry.header, size: changed.length }, changed);
    } else pack.entry(entry.header, content);
  }
  pack.finalize();
  return gzipSync(await packed);
}
