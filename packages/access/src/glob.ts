import { GlobStates } from './glob-states.ts';

const special = /[\\^$.|+()[\]{}*?]/g;

function escaped(text: string): string {
  return text.replace(special, '\\$&');
}

interface Piece {
  source: string;
  next: number;
}

/** `[abc]`, `[a-z]`, `[!a]`; without an end it is a plain bracket. */
function characterClass(pattern: string, start: number): Piece {
  const end = pattern.indexOf(']', start + 2);
  if (end < 0) return { source: '\\[', next: start + 1 };
  const body = pattern.slice(start + 1, end);
  const negated = body.startsWith('!') || body.startsWith('^');
  const members = (negated ? body.slice(1) : body).replace(/[\\\]^[]/g, '\\$&');
  return { source: `[${negated ? '^' : ''}${members}]`, next: end + 1 };
}

function pieceAt(pattern: string, index: number, separator: string | undefined, depth: number): Piece {
  const one = separator === undefined ? '[^]' : `[^${escaped(separator)}]`;
  const character = pattern[index] ?? '';
  switch (character) {
    case '*':
      return pattern[index + 1] === '*' ? { source: '[^]*', next: index + 2 } : { source: `${one}*`, next: index + 1 };
    case '?':
      return { source: one, next: index + 1 };
    case '[':
      return characterClass(pattern, index);
    case '\\':
      return { source: escaped(pattern[index + 1] ?? '\\'), next: index + 2 };
    case '{':
      return { source: '(?:', next: index + 1 };
    case '}':
      return depth > 0 ? { source: ')', next: index + 1 } : { source: '\\}', next: index + 1 };
    case ',':
      return depth > 0 ? { source: '|', next: index + 1 } : { source: ',', next: index + 1 };
    default:
      return { source: escaped(character), next: index + 1 };
  }
}

/** More than so many `*` and groups are followed as states: an expression would try their places one by one, for hours. */
const maxChoices = 2;

function compileStates(pattern: string, separator: string | undefined): GlobStates {
  const states = new GlobStates();
  let depth = 0;
  for (let index = 0; index < pattern.length; ) {
    const { source, next } = pieceAt(pattern, index, separator, depth);
    if (source === '(?:') states.open();
    else if (source === ')') states.close();
    else if (source === '|') states.or();
    else if (pattern[index] === '*') states.many(new RegExp(`^${source}$`));
    else states.one(new RegExp(`^${source}$`));
    if (source === '(?:') depth += 1;
    if (source === ')') depth -= 1;
    index = next;
  }
  states.finish();
  return states;
}

function compile(pattern: string, separator: string | undefined): Pick<RegExp, 'test'> {
  const choices = pattern.match(/\*+|\{/g)?.length ?? 0;
  return choices > maxChoices ? compileStates(pattern, separator) : compileExpression(pattern, separator);
}

function compileExpression(pattern: string, separator: string | undefined): RegExp {
  let source = '';
  let depth = 0;
  for (let index = 0; index < pattern.length; ) {
    const piece = pieceAt(pattern, index, separator, depth);
    if (piece.source === '(?:') depth += 1;
    if (piece.source === ')') depth -= 1;
    source += piece.source;
    index = piece.next;
  }
  return new RegExp(`^(?:${source}${')'.repeat(depth)})$`);
}

const compiled = new Map<string, Pick<RegExp, 'test'> | undefined>();
const maxCompiled = 5000;

function compiledOf(pattern: string, separator: string | undefined): Pick<RegExp, 'test'> | undefined {
  const key = `${separator ?? ''}\n${pattern}`;
  if (compiled.has(key)) return compiled.get(key);
  let result: Pick<RegExp, 'test'> | undefined;
  try {
    result = compile(pattern, separator);
  } catch {
    result = undefined;
  }
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(key, result);
  return result;
}

/**
 * Whether the whole value matches: `*` any text, `?` one character, `[a-z]`, `[!a]`, `{a,b}`, `\` takes the next
 * character as it is. With a separator `*` and `?` stop at it and only `**` crosses it. A pattern that cannot be read
 * matches nothing.
 */
export function globMatch(pattern: string, value: string, options: { separator?: string } = {}): boolean {
  if (pattern === '*') return true;
  return compiledOf(pattern, options.separator)?.test(value) ?? false;
}

/** Whether the pattern can be read at all. */
export function isGlob(pattern: string): boolean {
  return pattern === '*' || compiledOf(pattern, undefined) !== undefined;
}

/** As {@link globMatch}; `!pattern` matches what the pattern does not (reference §9.2). */
export function negatableMatch(pattern: string, value: string, options: { separator?: string } = {}): boolean {
  return isDeny(pattern) ? !globMatch(pattern.slice(1), value, options) : globMatch(pattern, value, options);
}

/** Whether the pattern forbids: it begins with `!`. */
export function isDeny(pattern: string): boolean {
  return pattern.startsWith('!');
}

/** One of the patterns matches; `/…/` is a regular expression (used for namespaces). */
export function matchesAny(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => {
    if (pattern.length < 3 || !pattern.startsWith('/') || !pattern.endsWith('/')) return globMatch(pattern, value);
    try {
      return new RegExp(pattern.slice(1, -1)).test(value);
    } catch {
      return false;
    }
  });
}
