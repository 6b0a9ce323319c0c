import { PlumblineError } from '@plumbline/errors';
import { constructFromEvents, dump, EVENT_ID, type Event, YAMLException } from 'js-yaml';
import { documentValue } from './merge-keys.ts';
import { readEvents } from './read-events.ts';
import { createUnshare } from './unshare.ts';
import { kubernetesSchema, writingSchema } from './yaml-schema.ts';

export interface YamlOptions {
  /** Names the text in errors: a path in the repository, or the tool that printed it. */
  file: string;
  /** Take the first of several documents and the last of duplicate keys, as kustomize reads its files. */
  lenient?: boolean;
}

/** Why a text is no YAML. `line` counts from 1; absent where the parser does not know it. */
export class YamlProblem extends Error {
  readonly reason: string;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(reason: string, position?: { line: number; column?: number | undefined }) {
    super(reason);
    this.name = 'YamlProblem';
    this.reason = reason;
    this.line = position?.line;
    this.column = position?.column;
  }
}

/** One document of a stream and where it stands. */
export interface YamlDocument {
  value: unknown;
  /** The line, from 1, of its first node. */
  line: number;
}

/** @param indented lines whose columns mean nothing. */
function problemOf(error: unknown, indented: ReadonlySet<number>): YamlProblem {
  if (error instanceof YamlProblem) return error;
  if (!(error instanceof YAMLException)) return new YamlProblem(error instanceof Error ? error.message : String(error));
  if (!error.mark) return new YamlProblem(error.reason);
  const line = error.mark.line + 1;
  return new YamlProblem(error.reason, { line, column: indented.has(line) ? undefined : error.mark.column + 1 });
}

/** Where a node begins; -1 where it is empty. */
function offsetOf(event: Event | undefined): number {
  switch (event?.type) {
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    default:
      return -1;
  }
}

/** The line, from 1, of each document's first node. Documents are in order, so that one pass finds them all. */
function linesOf(source: string, events: readonly Event[]): number[] {
  let line = 1;
  let newline = source.indexOf('\n');
  return events.flatMap((event, index) => {
    if (event.type !== EVENT_ID.DOCUMENT) return [];
    const offset = offsetOf(events[index + 1]);
    for (; newline >= 0 && newline < offset; newline = source.indexOf('\n', newline + 1)) line += 1;
    return [line];
  });
}

/**
 * Every document of a stream. Aliases are written out, each into its own copy, up to a limit.
 *
 * @param lastKeyWins takes the last of duplicate keys instead of refusing them.
 * @throws YamlProblem
 */
export function readDocuments(text: string, lastKeyWins = false): YamlDocument[] {
  const indented = new Set<number>();
  try {
    const { source, events } = readEvents(text, indented);
    const values = constructFromEvents(events, {
      source,
      schema: kubernetesSchema(source),
      json: lastKeyWins,
    });
    const shared = events.some((event) => event.type === EVENT_ID.ALIAS);
    const lines = linesOf(source, events);
    const unshare = createUnshare();
    return values.map((value, index) => ({
      value: shared ? unshare.copy(documentValue(value)) : documentValue(value),
      line: lines[index] ?? 1,
    }));
  } catch (error) {
    throw problemOf(error, indented);
  }
}

/** `file:line:column`, as far as it is known. */
export function placeOfProblem(
  file: string,
  problem: { line: number | undefined; column?: number | undefined },
): string {
  return [file, problem.line, problem.line === undefined ? undefined : problem.column]
    .filter((part) => part !== undefined)
    .join(':');
}

/**
 * The value of a text with one YAML document (JSON is YAML), read as Kubernetes reads it; null where it is empty.
 *
 * @throws PlumblineError `MANIFEST_PARSE`, naming file and line, never quoting the text.
 */
export function parseYaml(text: string, { file, lenient = false }: YamlOptions): unknown {
  try {
    const documents = readDocuments(text, lenient);
    if (documents.length > 1 && !lenient) {
      throw new YamlProblem('expected one document, found more', { line: documents[1]?.line ?? 1 });
    }
    return documents[0]?.value ?? null;
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw new PlumblineError('MANIFEST_PARSE', `${placeOfProblem(file, error)}: ${error.reason}`, {
      cause: error,
      details: { file, ...(error.line === undefined ? {} : { line: error.line }) },
    });
  }
}

/** YAML that YAML 1.1 and 1.2 readers understand alike. `undefined` members are left out; keys keep their order. */
export function toYaml(value: unknown): string {
  return dump(value, { schema: writingSchema, noRefs: true, skipInvalid: true, lineWidth: -1, seqNoIndent: true });
}
