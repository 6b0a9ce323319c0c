import { functions } from './functions.ts';
import { type Branch, type Node, type Operand, type Pipe, parseTemplate, templateError } from './parse.ts';
import { isTrue, textOf } from './values.ts';

/** Longest result, in characters. */
const longest = 65_536;

/** Variables of a block, seen from the blocks in it. */
class Scope {
  readonly #variables = new Map<string, unknown>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  declare(name: string, value: unknown): void {
    this.#variables.set(name, value);
  }

  assign(name: string, value: unknown): void {
    if (this.#variables.has(name)) this.#variables.set(name, value);
    else if (this.#outer) this.#outer.assign(name, value);
    else throw templateError(`${name} is not defined`);
  }

  get(name: string): unknown {
    if (this.#variables.has(name)) return this.#variables.get(name);
    if (!this.#outer) throw templateError(`${name} is not defined`);
    return this.#outer.get(name);
  }
}

/** The value at a path; undefined where there is none. Only own members: what every object inherits is nobody's data. */
function member(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    return (inner as Record<string, unknown>)[name];
  }, value);
}

function operandValue(operand: Operand, dot: unknown, scope: Scope): unknown {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'field':
      return member(dot, operand.names);
    case 'variable':
      return member(scope.get(operand.name), operand.names);
    case 'pipe':
      return member(pipeValue(operand.pipe, dot, scope), operand.names);
    case 'function':
      return call(operand.name, []);
  }
}

function call(name: string, values: readonly unknown[]): unknown {
  const made = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!made) throw templateError(`there is no function "${name}"`);
  return made(...values);
}

function commandValue(
  command: readonly Operand[],
  before: readonly unknown[],
  [dot, scope]: [unknown, Scope],
): unknown {
  const [first, ...others] = command;
  if (!first) throw templateError('a value is missing');
  if (first.kind === 'function') {
    return call(first.name, [...others.map((operand) => operandValue(operand, dot, scope)), ...before]);
  }
  if (others.length > 0 || before.length > 0) throw templateError('something that is no function is given values');
  return operandValue(first, dot, scope);
}

function pipeValue(pipe: Pipe, dot: unknown, scope: Scope): unknown {
  let given: unknown[] = [];
  for (const command of pipe.commands) given = [commandValue(command, given, [dot, scope])];
  const [value] = given;
  const [name] = pipe.declared;
  if (name !== undefined) {
    if (pipe.assigns) scope.assign(name, value);
    else scope.declare(name, value);
  }
  return value;
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (typeof value === 'number') return Array.from({ length: Math.min(value, longest) }, (_, index) => [index, index]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The text of nodes. */
class Writer {
  text = '';

  write(nodes: readonly Node[], dot: unknown, scope: Scope): void {
    for (const node of nodes) {
      if (node.kind === 'text') this.text += node.text;
      else if (node.kind === 'output') this.#output(node.pipe, dot, scope);
      else if (node.kind === 'range') this.#range(node, dot, scope);
      else {
        const inner = new Scope(scope);
        const value = pipeValue(node.pipe, dot, inner);
        const chosen = isTrue(value) ? node.body : node.otherwise;
        this.write(chosen, node.kind === 'with' && isTrue(value) ? value : dot, inner);
      }
      if (this.text.length > longest) throw templateError(`the result is longer than ${longest} characters`);
    }
  }

  #output(pipe: Pipe, dot: unknown, scope: Scope): void {
    const value = pipeValue(pipe, dot, scope);
    if (pipe.declared.length === 0) this.text += textOf(value);
  }

  #range(node: Branch, dot: unknown, scope: Scope): void {
    const { declared } = node.pipe;
    const entries = entriesOf(pipeValue({ ...node.pipe, declared: [] }, dot, scope));
    if (entries.length === 0) this.write(node.otherwise, dot, new Scope(scope));
    for (const [key, value] of entries) {
      const inner = new Scope(scope);
      const [first, second] = declared;
      if (second !== undefined) inner.declare(second, value);
      if (first !== undefined) inner.declare(first, second === undefined ? value : key);
      this.write(node.body, value, inner);
    }
  }
}

/** A template of Go's text/template with the functions of sprig, filled in. Throws `LINK_TEMPLATE`. */
export function fillTemplate(template: string, data: unknown): string {
  const scope = new Scope();
  scope.declare('$', data);
  const writer = new Writer();
  writer.write(parseTemplate(template), data, scope);
  return writer.text;
}
