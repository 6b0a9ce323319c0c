import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { publicUrl } from '../../network/guarded-fetch.ts';
import type { RemoteFiles } from '../../network/remote-files.ts';
import { readSchema, type SchemaDocument, type SchemaReference } from './schema-references.ts';

/** Where schemas by URL are put. */
export interface SchemaPlace {
  remote: RemoteFiles;
  /** A folder of this render alone. */
  folder: string;
}

/** Helm calls each schema so. */
const ownUrl = 'file:///values.schema.json';
const maxDocuments = 100;

function refused(file: string, problem: string, cause?: unknown): PlumblineError {
  return new PlumblineError('RENDER_FAILED', `${file}: ${problem}`, {
    cause,
    ...(cause instanceof PlumblineError ? { retry: cause.retry } : {}),
    hint: 'put what it refers to into the schema itself, or set helm.skipSchemaValidation in the source',
    details: { file },
  });
}

function parse(text: string, file: string, what: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refused(file, `${what} is no JSON: ${errorMessage(error)}`, error);
  }
}

/** A schema and all that it refers to, directly or not. */
class SchemaSet {
  readonly #file: string;
  readonly #place: SchemaPlace;
  /** Files of documents, by their names. */
  readonly #files = new Map<string, string>();
  readonly #documents: { path: string; document: SchemaDocument }[] = [];

  constructor(file: string, place: SchemaPlace) {
    this.#file = file;
    this.#place = place;
  }

  /** Loads what the documents refer to, then writes it with the references changed. */
  async link(own: SchemaDocument): Promise<void> {
    for (const name of own.names) this.#files.set(name, ownUrl);
    await this.#load(own);
    for (const { references } of [own, ...this.#documents.map(({ document }) => document)]) {
      for (const reference of references) this.#relink(reference);
    }
    await Promise.all(this.#documents.map(({ path, document }) => writeFile(path, JSON.stringify(document.schema))));
  }

  #relink({ target, fragment, replace }: SchemaReference): void {
    const file = this.#files.get(target);
    if (file !== undefined) replace(`${file}${fragment}`);
  }

  async #load(first: SchemaDocument): Promise<void> {
    const open = [first];
    for (let document = open.pop(); document; document = open.pop()) {
      if (document.fileId) throw refused(this.#file, `the id ${JSON.stringify(document.fileId)} is no URL`);
      for (const { target, written } of document.references) {
        if (this.#files.has(target) || /^urn:/i.test(target)) continue;
        if (!/^https?:\/\//i.test(target)) {
          throw refused(this.#file, `it refers to ${JSON.stringify(written)}, which leads outside the chart`);
        }
        open.push(await this.#fetch(target));
      }
    }
  }

  async #fetch(url: string): Promise<SchemaDocument> {
    if (this.#documents.length >= maxDocuments)
      throw refused(this.#file, `it refers to more than ${maxDocuments} others`);
    const { body } = await this.#place.remote.get(url, { fresh: false }).catch((error: unknown) => {
      throw refused(this.#file, `${publicUrl(url)} cannot be had: ${errorMessage(error)}`, error);
    });
    const document = readSchema(parse(body.toString('utf8'), this.#file, publicUrl(url)), url);
    const path = join(this.#place.folder, `schema-${crypto.randomUUID()}.json`);
    for (const name of document.names) if (!this.#files.has(name)) this.#files.set(name, pathToFileURL(path).href);
    this.#documents.push({ path, document });
    return document;
  }
}

/**
 * The text of a schema that refers to nothing but itself and files of this render. Helm would follow references to any file of this
 * machine, and to any address: here what they name is fetched as value files by URL are, and files are refused. Throws
 * `RENDER_FAILED` naming the schema and the reference.
 *
 * @param file for errors.
 * @returns undefined where nothing has to be changed.
 */
export async function localiseSchema(text: string, file: string, place: SchemaPlace): Promise<string | undefined> {
  const own = readSchema(parse(text, file, 'the schema'), ownUrl);
  if (own.references.length === 0 && own.fileId === undefined) return undefined;
  await new SchemaSet(file, place).link(own);
  return JSON.stringify(own.schema);
}
