import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { HealthStatus, HealthStatusCode } from '../types.ts';
import { unknown } from '../verdict.ts';

/** One case of a health rule in CEL: the first whose condition holds decides. */
export interface CelCase {
  /** Sees the live object as `object`. Absent: always. */
  when?: string;
  status: HealthStatusCode;
  /** As it is. */
  message?: string;
  /** An expression that gives the message. */
  messageExpression?: string;
}

interface Compiled {
  when: ParseResult | undefined;
  status: HealthStatusCode;
  message: string | undefined;
  messageOf: ParseResult | undefined;
}

/** Bounds of an expression; loops over lists nest as deep as an expression does. */
const limits = { maxAstNodes: 500, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };
const maxLength = 4_096;

/** An object with more values is not judged: evaluation cannot be interrupted. */
const maxObjectNodes = 20_000;
const maxListLength = 2_000;
/** How deep loops may stand in each other. */
const maxLoops = 2;
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

let shared: Environment | undefined;

function environment(): Environment {
  shared ??= new Environment({
    limits,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  }).registerVariable('object', 'dyn');
  return shared;
}

/** The cases as one check. Throws `CEL_INVALID`, with the expression's place, where one is no CEL. */
function compileCel(cases: readonly CelCase[]): (object: KubeObject) => { status: HealthStatus } | undefined {
  const compiled = cases.map(({ when, status, message, messageExpression }, index): Compiled => {
    const place = `case ${index + 1}`;
    return {
      when: when === undefined ? undefined : compile(when, place, 'bool'),
      status,
      message,
      messageOf: messageExpression === undefined ? undefined : compile(messageExpression, place, 'string'),
    };
  });
  return (object) => {
    const values = { object: toCelValue(object, { left: maxObjectNodes }) };
    const found = compiled.find(({ when }) => when === undefined || when(values) === true);
    if (!found) return undefined;
    const message = found.messageOf ? String(found.messageOf(values)) : found.message;
    return { status: message ? { status: found.status, message } : { status: found.status } };
  };
}

/**
 * A check by a user's cases; undefined where none holds. Errors of expressions and of their evaluation become Unknown and
 * name the key.
 */
export function celCheck(rule: {
  key: string;
  cases: readonly CelCase[];
}): (object: KubeObject) => { status: HealthStatus } | undefined {
  const failed = (error: unknown) => ({ status: unknown(`${summary(error)} (argocd-cm, key ${rule.key})`) });
  let check: ReturnType<typeof compileCel>;
  try {
    check = compileCel(rule.cases);
  } catch (error) {
    return () => failed(error);
  }
  return (object) => {
    try {
      return check(object);
    } catch (error) {
      return failed(error);
    }
  };
}

function compile(expression: string, place: string, wanted: 'bool' | 'string'): ParseResult {
  const invalid = (reason: string) => new PlumblineError('CEL_INVALID', `${place}: ${reason}`);
  if (expression.length > maxLength) throw invalid(`an expression is longer than ${maxLength} characters`);
  try {
    const parsed = environment().parse(expression);
    const { valid, type, error } = parsed.check();
    if (!valid) throw error ?? new Error('the expression is not valid');
    if (type !== wanted && type !== 'dyn') throw new Error(`expected an expression of type ${wanted}, not ${type}`);
    if (loopDepth(parsed.ast) > maxLoops) {
      throw new Error(`no more than ${maxLoops} loops may stand in each other`);
    }
    return parsed;
  } catch (error) {
    throw invalid(summary(error));
  }
}

/** How many loops stand in each other in a syntax tree: nodes `{op, args}`, whose operands are nodes, texts and lists. */
function loopDepth(node: unknown): number {
  if (Array.isArray(node)) return Math.max(0, ...node.map(loopDepth));
  if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) return 0;
  const inner = loopDepth(node.args);
  const isLoop = node.op === 'rcall' && Array.isArray(node.args) && loops.has(String(node.args[0]));
  return isLoop ? inner + 1 : inner;
}

/** The first line: what follows is a drawing of the expression. */
function summary(error: unknown): string {
  return errorMessage(error).split('\n', 1)[0] ?? '';
}

/** Whole numbers are CEL integers, as in Kubernetes' own CEL. */
function toCelValue(value: unknown, budget: { left: number }): unknown {
  budget.left -= 1;
  if (budget.left < 0 || (Array.isArray(value) && value.length > maxListLength))
    throw new PlumblineError('CEL_OBJECT_TOO_LARGE', 'the object is too large for expressions');
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map((item) => toCelValue(item, budget));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toCelValue(item, budget)]));
}
