import { PlumblineError } from '@plumbline/errors';
import { parseJson } from './json.ts';
import { toObjects } from './to-objects.ts';
import type { KubeObject } from './types.ts';
import { placeOfProblem, readDocuments, type YamlDocument, YamlProblem } from './yaml.ts';

export interface ParseOptions {
  /** Names the text in errors and warnings: a path in the repository, or the tool that printed it. */
  file: string;
  /**
   * For what a tool printed: every document must be an object with apiVersion and kind. Without it, for files of a
   * directory source, what does not look like a manifest is passed over with a warning.
   */
  strict?: boolean;
  /** Duplicate keys of a mapping: an error (default), or the last one wins with a warning, as Kubernetes' own reader does. */
  duplicateKeys?: 'error' | 'last';
}

export interface ParsedManifests {
  objects: KubeObject[];
  /** For people; each names the file, and the line where one is known. */
  warnings: string[];
}

/** What js-yaml says of two equal keys. */
const duplicateKeyReason = 'duplicated mapping key';
/** helm's comment on where a document comes from. */
const sourceComment = /^# Source: (\S.*)$/gm;

function looksLikeManifest(text: string): boolean {
  return /^apiVersion:/m.test(text) && /^kind:/m.test(text) && /^metadata:/m.test(text);
}

/** ` (from chart/templates/x.yaml)` by the last such comment in the part of the text, else ''. */
function sourceOf(text: string, start: number, end: number): string {
  const comments = [...text.slice(start, end).matchAll(sourceComment)];
  const source = comments.at(-1)?.[1];
  return source === undefined ? '' : ` (from ${source.trimEnd()})`;
}

function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const next = text.indexOf('\n', at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at;
}

/** Names the document `index`: file and line, and for what a tool printed also its number and helm's comment. */
function placeOf(
  index: number,
  stream: { text: string; documents: readonly YamlDocument[]; options: ParseOptions },
): string {
  const { text, documents, options } = stream;
  const line = documents[index]?.line ?? 1;
  const place = `${options.file}:${line}`;
  if (!options.strict) return place;
  const start = offsetOfLine(text, documents[index - 1]?.line ?? 1);
  return `${place}: document ${index + 1}${sourceOf(text, start, offsetOfLine(text, line))}`;
}

/** Frequent mistakes, by what stands in the line that cannot be parsed. */
const mistakes: readonly (readonly [RegExp, string])[] = [
  [/^(<<<<<<<|=======|>>>>>>>)/, 'resolve the merge conflict: Git left its marks in the file'],
  [/^\s*\t/, 'indent by spaces: YAML allows no tabs'],
  [/\{\{/, 'templates are rendered in Helm charts only: give the folder a Chart.yaml, or quote what is in braces'],
];

function hintOf(text: string, { line, reason }: YamlProblem): string | undefined {
  // A mark of a conflict is told of in the line after it, and braces where the document begins.
  const lines = text.split('\n').slice(Math.max(0, (line ?? 1) - 2), line ?? 1);
  const rest = reason.includes('complex keys') ? text : '';
  return mistakes.find(([pattern]) => [...lines, rest].some((content) => pattern.test(content)))?.[1];
}

function parseFailure(text: string, problem: YamlProblem, options: ParseOptions): PlumblineError {
  const place = placeOfProblem(options.file, problem);
  let source = '';
  if (options.strict && problem.line !== undefined) {
    const offset = offsetOfLine(text, problem.line);
    source = sourceOf(text, Math.max(0, text.lastIndexOf('\n---', offset)), offset);
  }
  const hint = hintOf(text, problem);
  return new PlumblineError('MANIFEST_PARSE', `${place}: cannot be parsed${source}: ${problem.reason}`, {
    cause: problem,
    ...(hint === undefined ? {} : { hint }),
    details: { file: options.file, ...(problem.line === undefined ? {} : { line: problem.line }) },
  });
}

/** Refuses `---kind: X`, which YAML takes for a key `---kind` of the document above, as Kubernetes' reader does. */
function checkSeparators(text: string): void {
  const match = /(?<![^\n])---[^\s#]/.exec(text);
  if (!match) return;
  const line = text.slice(0, match.index).split('\n').length;
  throw new YamlProblem('the separator of documents, ---, stands in a line of its own', { line, column: 4 });
}

/** Reads once more without the check where duplicate keys are allowed. */
function readTolerantly(text: string, options: ParseOptions, warnings: string[]): YamlDocument[] {
  try {
    return readDocuments(text);
  } catch (error) {
    const allowed = options.duplicateKeys === 'last';
    if (!allowed || !(error instanceof YamlProblem) || error.reason !== duplicateKeyReason) throw error;
    warnings.push(`${placeOfProblem(options.file, error)}: ${error.reason}: the last one is used`);
    return readDocuments(text, true);
  }
}

function parseYamlManifests(text: string, options: ParseOptions): ParsedManifests {
  const warnings: string[] = [];
  let documents: YamlDocument[];
  try {
    checkSeparators(text);
    documents = readTolerantly(text, options, warnings);
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    if (options.strict || looksLikeManifest(text)) throw parseFailure(text, error, options);
    return {
      objects: [],
      warnings: [`${placeOfProblem(options.file, error)}: skipped, it is no YAML: ${error.reason}`],
    };
  }
  const strict = options.strict ?? false;
  const objects = documents.flatMap(({ value }, index) =>
    toObjects(value, () => placeOf(index, { text, documents, options }), { strict, warnings }),
  );
  return { objects, warnings };
}

function lineOfJsonProblem(text: string): number | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(String(error)) ?? [];
    if (position !== undefined) return text.slice(0, Number(position)).split('\n').length;
  }
  return undefined;
}

/** Where JSON is broken: JSON is YAML, and the YAML parser knows the place. The words of `JSON.parse` quote the text. */
function jsonProblem(text: string): YamlProblem {
  try {
    readDocuments(text);
  } catch (error) {
    if (error instanceof YamlProblem) return error;
  }
  const line = lineOfJsonProblem(text);
  return new YamlProblem('it is no JSON', line === undefined ? undefined : { line, column: 1 });
}

function parseJsonManifests(text: string, options: ParseOptions): ParsedManifests {
  if (text.trim() === '') return { objects: [], warnings: [] };
  const warnings: string[] = [];
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw parseFailure(text, jsonProblem(text), options);
  }
  return { objects: toObjects(value, () => options.file, { strict: options.strict ?? false, warnings }), warnings };
}

/**
 * The objects of a text: a JSON file (by its name) with one object or List, or YAML with any number of documents.
 * Empty documents are skipped and Lists expanded one level. Reference §7.4, §16.
 *
 * @throws PlumblineError `MANIFEST_PARSE` where text that looks like a manifest (any text, when strict) cannot be
 *   parsed; `MANIFEST_INVALID` where an object lacks what every object needs. Both name file and line.
 */
export function parseManifests(text: string, options: ParseOptions): ParsedManifests {
  const isJson = options.file.toLowerCase().endsWith('.json');
  return isJson ? parseJsonManifests(text, options) : parseYamlManifests(text, options);
}
