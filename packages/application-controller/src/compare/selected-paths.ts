import { deletePaths, type IgnoreRule, respectIgnored, respectPaths, type Sides } from '@plumbline/diff';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { type KubeObject, stringifyJson } from '@plumbline/manifests';
import { JqRunner } from './jq-runner.ts';

/** As Argo CD: `controller.ignore.normalizer.jq.timeout`, ms. */
export const defaultJqTimeoutMs = 1_000;

const runner = new JqRunner();

/** jq expressions and how long they may take. */
export interface JqRules {
  expressions: readonly string[];
  timeoutMs: number;
}

/**
 * The paths that the expressions select in an object. One that fails on this object, because it has another shape,
 * selects nothing, as in Argo CD. Throws `IGNORE_RULE` where an expression is no jq or takes too long.
 */
export async function selectedPaths(object: KubeObject, rules: JqRules): Promise<(string | number)[][]> {
  const { expressions, timeoutMs } = rules;
  if (expressions.length === 0) return [];
  // The line break ends a comment in the expression.
  const program = `[${expressions.map((expression) => `(try [path(${expression}\n)] catch [])`).join(' + ')}]`;
  try {
    const [paths = []] = JSON.parse(await runner.run({ input: stringifyJson(object), program }, timeoutMs));
    return paths as (string | number)[][];
  } catch (error) {
    throw refused(error, expressions);
  }
}

function refused(error: unknown, expressions: readonly string[]): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const { message, hint } = error;
  const reason = hasCode(error, 'JQ_FAILED') ? firstComplaint(message) : message;
  return new PlumblineError('IGNORE_RULE', `ignoreDifferences with ${expressions.join(' ; ')}: ${reason}`, {
    retry: hasCode(error, 'JQ_STOPPED') ? 'transient' : 'waiting',
    ...(hint ? { hint } : {}),
  });
}

/** jq's complaint without the lines of the program that it repeats. */
function firstComplaint(message: string): string {
  const line = message.split('\n').find((text) => /error/i.test(text)) ?? message;
  return line.replace(/^.*?(jq: )?error: /i, '').trim();
}

/** Both sides without what the expressions select. */
export async function dropSelected(pair: Sides, rules: JqRules): Promise<Sides> {
  const drop = async (object: KubeObject) => deletePaths(object, await selectedPaths(object, rules));
  return { target: await drop(pair.target), live: await drop(pair.live) };
}

/** The target with everything that the rules ignore taken from the live object (`RespectIgnoreDifferences=true`). */
export async function respectRules(
  target: KubeObject,
  live: KubeObject,
  { rules, timeoutMs = defaultJqTimeoutMs }: { rules: readonly IgnoreRule[]; timeoutMs?: number | undefined },
): Promise<KubeObject> {
  const result = respectIgnored(target, live, rules);
  const jq = { expressions: rules.flatMap((rule) => rule.jqPathExpressions), timeoutMs };
  const selected = { target: await selectedPaths(result, jq), live: await selectedPaths(live, jq) };
  return respectPaths({ target: result, live }, selected);
}
