import { stringifyJson } from './json.ts';
import { readDocuments, YamlProblem } from './yaml.ts';

/** Readers of JSON know no comments; tabs, and breaks of lines other than \n, are read differently by different readers. */
const leftAlone = /^\s*[[{]|[\t\r\u0085\u2028\u2029\ufeff]/;
const comment = /^ *#/;
const blank = /^ *$/;
/** `---`, `...` and directives: readers differ in how they tell documents apart. */
const betweenDocuments = /^(?:---|\.\.\.|%)/;
/** A line that begins a text of several lines by `|` or `>`. */
const blockStart = /(?:^|[\s:-])[|>][-+0-9]* *(?:#.*)?$/;
/** What may be a comment and blanks at the end of a line: the boldest guess first, the last one guesses nothing. */
const endsOfLines = [/(?: +#.*| +)$/, /(?: +#[^'"]*| +)$/, /$/];

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/**
 * Drops comments and blank lines outside of block texts, as far as lines tell: whether that was right is not known yet.
 * The last line that is left ends as it did: a block text without a newline there is another one for some readers.
 */
function strip(text: string, endOfLine: RegExp): string {
  const kept: string[] = [];
  let end = '';
  let block: number | undefined;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if (isLast && line === '') break;
    const isBlank = blank.test(line);
    const inBlock = block !== undefined && (isBlank || indentOf(line) > block);
    if (!inBlock) block = blockStart.test(line) ? indentOf(line) : undefined;
    if (!inBlock && (isBlank || comment.test(line))) continue;
    kept.push(inBlock || betweenDocuments.test(line) ? line : line.replace(endOfLine, ''));
    end = isLast ? '' : '\n';
  }
  return kept.join('\n') + end;
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
