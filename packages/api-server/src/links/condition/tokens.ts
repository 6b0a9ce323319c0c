import { PlumblineError } from '@plumbline/errors';

export interface Token {
  kind: 'number' | 'string' | 'name' | 'operator' | 'end';
  text: string;
}

/** A condition that cannot be read, or that has no answer for what it is asked about. */
export function conditionError(message: string): PlumblineError {
  return new PlumblineError('LINK_CONDITION', `condition: ${message}`);
}

const pattern =
  /\s*(?:(\d[\d_]*(?:\.\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|([A-Za-z_$][\w$]*)|(\?\.|\?\?|\*\*|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}#|]))/y;
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
const unquoted = (text: string): string =>
  text.startsWith('`')
    ? text.slice(1, -1)
    : text.slice(1, -1).replace(/\\(.)/g, (_, one: string) => escapes[one] ?? one);

/** The words of a condition, an `end` after them. Throws `LINK_CONDITION`. */
export function conditionTokens(condition: string): Token[] {
  const text = condition.trimEnd();
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const [found, number, quoted, name, operator = ''] = pattern.exec(text) ?? [];
    if (found === undefined) throw conditionError(`"${text.slice(at).trim()}" is not understood`);
    if (number !== undefined) tokens.push({ kind: 'number', text: number.replaceAll('_', '') });
    else if (quoted !== undefined) tokens.push({ kind: 'string', text: unquoted(quoted) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'operator', text: operator });
  }
  return [...tokens, { kind: 'end', text: 'the end' }];
}
