import { type IgnoreRule, respectIgnored, valueAt, without, withValue } from '@plumbline/diff';
import { type KubeObject, stringifyJson } from '@plumbline/manifests';

/** The paths that a jq expression selects; an expression that fails on the object selects nothing, as in Argo CD. */
export async function selectedPaths(object: KubeObject, expression: string): Promise<(string | number)[][]> {
  // Loaded when the first rule needs it: it is a large program.
  const { raw: jq } = await import('jq-wasm');
  try {
    return JSON.parse(await jq(stringifyJson(object), `[path(${expression})]`, ['-c'])) as (string | number)[][];
  } catch {
    return [];
  }
}

/** The target with everything that the rules ignore taken from the live object (`RespectIgnoreDifferences=true`). */
export async function respectRules(
  target: KubeObject,
  live: KubeObject,
  rules: readonly IgnoreRule[],
): Promise<KubeObject> {
  let result = respectIgnored(target, live, rules);
  for (const expression of rules.flatMap((rule) => rule.jqPathExpressions)) {
    const paths = [...(await selectedPaths(live, expression)), ...(await selectedPaths(target, expression))];
    for (const path of paths.map((parts) => parts.map(String))) {
      const value = valueAt(live, path);
      if (path[0] !== 'status') result = value === undefined ? without(result, path) : withValue(result, path, value);
    }
  }
  return result;
}
