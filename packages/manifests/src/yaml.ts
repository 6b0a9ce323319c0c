import { PlumblineError } from '@plumbline/errors';
import { constructFromEvents, dump, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { unshare } from './unshare.ts';
import { kubernetesSchema, writingSchema } from './yaml-schema.ts';

const maxDepth = 1000;
const maxMergedKeys = 100_000;

export interface YamlOptions {
  /** Names the text in errors: a path in the repository, or the tool that printed it. */
  file: string;
}

/** Why a text is no YAML. `line` counts from 1; absent where the parser does not know it. */
export class YamlProblem extends Error {
  readonly reason: string;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(reason: string, position?: { line: number; column: number }) {
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
  /** Offset of its first node in the text, or of the text's end where it has none. */
  offset: number;
}

function problemOf(error: unknown): YamlProblem {
  if (error instanceof YamlProblem) return error;
  if (!(error instanceof YAMLException)) return new YamlProblem(error instanceof Error ? error.message : String(error));
  return new YamlProblem(error.reason, error.mark && { line: error.mark.line + 1, column: error.mark.column + 1 });
}

function offsetOf(event: Event | undefined, text: string): number {
  switch (event?.type) {
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.SCALAR:
      return event.valueStart < 0 ? text.length : event.valueStart;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    default:
      return text.length;
  }
}

/**
 * Every document of a stream. Aliases are written out, each into its own copy, up to a limit.
 *
 * @param lastKeyWins takes the last of duplicate keys instead of refusing them.
 * @throws YamlProblem
 */
export function readDocuments(text: string, lastKeyWins = false): YamlDocument[] {
  try {
    const events = parseEvents(text, { maxDepth });
    const values = constructFromEvents(events, {
      source: text,
      schema: kubernetesSchema,
      json: lastKeyWins,
      maxTotalMergeKeys: maxMergedKeys,
    });
    const shared = events.some((event) => event.type === EVENT_ID.ALIAS);
    const offsets = events.flatMap((event, index) =>
      event.type === EVENT_ID.DOCUMENT ? [offsetOf(events[index + 1], text)] : [],
    );
    return values.map((value, index) => ({
      value: shared ? unshare(value) : value,
      offset: offsets[index] ?? text.length,
    }));
  } catch (error) {
    throw problemOf(error);
  }
}

/** `file:line:column`, as far as it is known. */
export function placeOf(file: string, problem: { line: number | undefined; column?: number | undefined }): string {
  return [file, problem.line, problem.line === undefined ? undefined : problem.column]
    .filter((part) => part !== undefined)
    .join(':');
}

/** The line, from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/**
 * The value of a text with one YAML document (JSON is YAML), read as Kubernetes reads it; null where it is empty.
 *
 * @throws PlumblineError `MANIFEST_PARSE`, naming file and line, never quoting the text.
 */
export function parseYaml(text: string, { file }: YamlOptions): unknown {
  try {
    const documents = readDocuments(text);
    if (documents.length > 1) {
      const line = lineAt(text, documents[1]?.offset ?? 0);
      throw new YamlProblem('expected one document, found more', { line, column: 1 });
    }
    return documents[0]?.value ?? null;
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw new PlumblineError('MANIFEST_PARSE', `${placeOf(file, error)}: ${error.reason}`, {
      cause: error,
      details: { file, ...(error.line === undefined ? {} : { line: error.line }) },
    });
  }
}

/** YAML that YAML 1.1 and 1.2 readers understand alike. `undefined` members are left out; keys keep their order. */
export function toYaml(value: unknown): string {
  return dump(value, { schema: writingSchema, noRefs: true, skipInvalid: true, lineWidth: -1, seqNoIndent: true });
}
