import { stringifyJson } from './json.ts';
import { readDocuments, YamlProblem } from './yaml.ts';

/** Readers of JSON know no comments, and breaks of lines other than \n are read differently by different readers. */
const leftAlone = /^\s*[[{]|[\r\u0085\u2028\u2029\ufeff]/;
const comment = /^[ \t]*#/;
const blank = /^[ \t]*$/;
/** `---`, `...` and directives: readers differ in how they tell documents apart. */
const betweenDocuments = /^(?:---|\.\.\.|%)/;
/** A line that begins a text of several lines by `|` or `>`. */
const blockStart = /(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:#.*)?$/;
/** What may be a comment and blanks at the end of a line: the boldest guess first, the last one guesses nothing. */
const endsOfLines = [/(?:[ \t]+#.*|[ \t]+)$/, /(?:[ \t]+#[^'"]*|[ \t]+)$/, /$/];

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Drops comments and blank lines outside of block texts, as far as lines tell: whether that was right is not known yet. */
function strip(text: string, endOfLine: RegExp): string {
  const kept: string[] = [];
  let block: number | undefined;
  for (const line of text.split('\n')) {
    const isBlank = blank.test(line);
    if (block !== undefined && (isBlank || indentOf(line) > block)) {
      kept.push(line);
      continue;
    }
    block = blockStart.test(line) ? indentOf(line) : undefined;
    if (isBlank || comment.test(line)) continue;
    kept.push(betweenDocuments.test(line) ? line : line.replace(endOfLine, ''));
  }
  return kept.length === 0 ? '' : `${kept.join('\n').trimEnd()}\n`;
}

function valuesOf(text: string): string | undefined {
  try {
    return stringifyJson(readDocuments(text).map(({ value }) => value));
  } catch (error) {
    if (error instanceof YamlProblem) return undefined;
    throw error;
  }
}

/**
 * A YAML text without its comments, blank lines and blanks at the ends of lines. Both texts are read, and only one that
 * gives the same values in the same order takes the other's place: where a part of a text was taken for a comment, or
 * where the text is no YAML, it comes back as it is.
 */
export function withoutComments(text: string): string {
  if (leftAlone.test(text)) return text;
  let values: string | undefined;
  for (const endOfLine of endsOfLines) {
    const stripped = strip(text, endOfLine);
    if (stripped === text) return text;
    values ??= valuesOf(text);
    if (values === undefined) return text;
    if (valuesOf(stripped) === values) return stripped;
  }
  return text;
}
