import { PlumblineError } from '@plumbline/errors';

/** What a command calls or is given. `names` are fields of the value, from the outside in. */
export type Operand =
  | { kind: 'literal'; value: unknown }
  | { kind: 'field'; names: readonly string[] }
  | { kind: 'variable'; name: string; names: readonly string[] }
  | { kind: 'pipe'; pipe: Pipe; names: readonly string[] }
  | { kind: 'function'; name: string };

/** Commands, each given the value of the one before as its last argument; `declared` take the value of the last. */
export interface Pipe {
  declared: readonly string[];
  /** Whether the variables are there already. */
  assigns: boolean;
  commands: readonly (readonly Operand[])[];
}

/** Chooses by a value what is written, or writes it for each item. */
export interface Branch {
  kind: 'if' | 'with' | 'range';
  pipe: Pipe;
  body: readonly Node[];
  otherwise: readonly Node[];
}

export type Node = { kind: 'text'; text: string } | { kind: 'output'; pipe: Pipe } | Branch;

interface Token {
  kind: 'text' | 'literal' | 'symbol' | 'variable' | 'field' | 'name';
  text: string;
  value?: unknown;
  /** No space before it. */
  glued: boolean;
}

/** A template that cannot be read or filled. */
export function templateError(message: string): PlumblineError {
  return new PlumblineError('LINK_TEMPLATE', `template: ${message}`);
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
const unquoted = (text: string): string =>
  text.startsWith('`')
    ? text.slice(1, -1)
    : text.slice(1, -1).replace(/\\(.)/g, (_, one: string) => escapes[one] ?? one);

const tokenPattern =
  /(\s*)(?:("(?:[^"\\]|\\.)*"|`[^`]*`)|([+-]?\d[\d.]*)|(:=|[()|,=])|(\$\w*)|((?:\.\w+)+|\.)|([A-Za-z_]\w*))/y;
const words: Record<string, unknown> = { true: true, false: false, nil: undefined };

function tokenOf([, space = '', quoted, number, symbol, variable, field, name]: RegExpExecArray): Token {
  const glued = space === '';
  if (quoted !== undefined) return { kind: 'literal', text: quoted, value: unquoted(quoted), glued };
  if (number !== undefined) return { kind: 'literal', text: number, value: Number(number), glued };
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, glued };
  if (variable !== undefined) return { kind: 'variable', text: variable, glued };
  if (field !== undefined) return { kind: 'field', text: field, glued };
  const text = name ?? '';
  return Object.hasOwn(words, text)
    ? { kind: 'literal', text, value: words[text], glued }
    : { kind: 'name', text, glued };
}

function tokensOf(action: string): Token[] {
  const tokens: Token[] = [];
  const text = action.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const found = tokenPattern.exec(text);
    if (!found) throw templateError(`"${text.slice(at).trim()}" is not understood`);
    tokens.push(tokenOf(found));
  }
  return tokens;
}

/** Text, and between `{{` and `}}` tokens. Strings in an action may hold braces. */
function piecesOf(template: string): (string | Token[])[] {
  const pattern =
    /\{\{(- )?\s*(?:\/\*[\s\S]*?\*\/|((?:"(?:[^"\\]|\\.)*"|`[^`]*`|(?!\s-\}\})(?!\}\})[^"`])*))\s*?( -)?\}\}/g;
  const pieces: (string | Token[])[] = [];
  let at = 0;
  let trims = false;
  const textUntil = (end: number, trimsEnd: boolean): void => {
    let text = template.slice(at, end);
    if (trims) text = text.trimStart();
    if (trimsEnd) text = text.trimEnd();
    if (text.includes('{{')) throw templateError('an action is not closed by }}');
    pieces.push(text);
  };
  for (const found of template.matchAll(pattern)) {
    textUntil(found.index, found[1] !== undefined);
    if (found[2] !== undefined) pieces.push(tokensOf(found[2]));
    trims = found[3] !== undefined;
    at = found.index + found[0].length;
  }
  textUntil(template.length, false);
  return pieces;
}

const namesOf = (token: Token | undefined): string[] => (token?.text ?? '').split('.').filter(Boolean);

/** Reads one action. */
class ActionReader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  #next(kind: Token['kind'], text?: string): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined;
    this.#at += 1;
    return token;
  }

  keyword(...names: string[]): string | undefined {
    return names.find((name) => this.#next('name', name));
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest) throw templateError(`"${rest.text}" is not expected`);
  }

  pipe(): Pipe {
    const begin = this.#at;
    const declared: string[] = [];
    do {
      const variable = this.#next('variable');
      if (!variable) break;
      declared.push(variable.text);
    } while (this.#next('symbol', ','));
    const assigns = declared.length > 0 && this.#next('symbol', '=') !== undefined;
    const declares = assigns || (declared.length > 0 && this.#next('symbol', ':=') !== undefined);
    if (!declares) this.#at = begin;
    const commands = [this.#command()];
    while (this.#next('symbol', '|')) commands.push(this.#command());
    return { declared: declares ? declared : [], assigns, commands };
  }

  #command(): Operand[] {
    const operands: Operand[] = [];
    for (let operand = this.#operand(); operand; operand = this.#operand()) operands.push(operand);
    if (operands.length === 0) throw templateError('a value is missing');
    return operands;
  }

  /** Fields behind a variable or a parenthesis. */
  #fields(): string[] {
    const token = this.#tokens[this.#at];
    return token?.glued ? namesOf(this.#next('field')) : [];
  }

  #operand(): Operand | undefined {
    const literal = this.#next('literal');
    if (literal) return { kind: 'literal', value: literal.value };
    const field = this.#next('field');
    if (field) return { kind: 'field', names: namesOf(field) };
    const variable = this.#next('variable');
    if (variable) return { kind: 'variable', name: variable.text, names: this.#fields() };
    const name = this.#next('name');
    if (name) return { kind: 'function', name: name.text };
    if (!this.#next('symbol', '(')) return undefined;
    const pipe = this.pipe();
    if (!this.#next('symbol', ')')) throw templateError('a ) is missing');
    return { kind: 'pipe', pipe, names: this.#fields() };
  }
}

/** Reads nodes until the end, or until `else` or `end`. */
class TemplateReader {
  readonly #pieces: (string | Token[])[];
  #at = 0;

  constructor(pieces: (string | Token[])[]) {
    this.#pieces = pieces;
  }

  whole(): Node[] {
    const { nodes, closed } = this.#nodes();
    if (closed) throw templateError('there is an "else" or "end" too many');
    return nodes;
  }

  #nodes(): { nodes: Node[]; closed?: { word: string; reader: ActionReader } } {
    const nodes: Node[] = [];
    for (;;) {
      const piece = this.#pieces[this.#at];
      if (piece === undefined) return { nodes };
      this.#at += 1;
      if (typeof piece === 'string') {
        if (piece !== '') nodes.push({ kind: 'text', text: piece });
        continue;
      }
      const reader = new ActionReader(piece);
      const word = reader.keyword('else', 'end');
      if (word) return { nodes, closed: { word, reader } };
      const branch = reader.keyword('if', 'with', 'range') as 'if' | 'with' | 'range' | undefined;
      if (branch) nodes.push(this.#branch(branch, reader));
      else nodes.push({ kind: 'output', pipe: whole(reader) });
    }
  }

  #branch(kind: 'if' | 'with' | 'range', reader: ActionReader): Node {
    const pipe = whole(reader);
    const { nodes: body, closed } = this.#nodes();
    if (!closed) throw templateError(`a "${kind}" has no end`);
    if (closed.word === 'end') return { kind, pipe, body, otherwise: [] };
    const again = closed.reader.keyword('if', 'with') as 'if' | 'with' | undefined;
    if (again) return { kind, pipe, body, otherwise: [this.#branch(again, closed.reader)] };
    const { nodes: otherwise, closed: last } = this.#nodes();
    if (last?.word !== 'end') throw templateError(`a "${kind}" has no end`);
    return { kind, pipe, body, otherwise };
  }
}

function whole(reader: ActionReader): Pipe {
  const pipe = reader.pipe();
  reader.end();
  return pipe;
}

/** Reads a template in the language of Go's text/template, without definitions of other templates. Throws `LINK_TEMPLATE`. */
export function parseTemplate(template: string): Node[] {
  return new TemplateReader(piecesOf(template)).whole();
}
