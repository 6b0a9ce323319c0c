import type { KubeObject } from '@plumbline/manifests';
import { isHealthStatusCode } from '../order.ts';
import type { HealthRule } from '../rules.ts';
import type { HealthStatus } from '../types.ts';
import { unknown } from '../verdict.ts';
import type { LuaMachine, LuaResult } from './lua-machine.ts';

/** After a script ran out of time it rests, so that many objects of its kind do not hold up the controller. */
const restMs = 30_000;

interface LuaHealthOptions {
  machine: LuaMachine;
  /** Milliseconds. */
  now: (() => number) | undefined;
}

/**
 * A check by a user's Lua script (reference §5 "Lua health contract"): it sees the object as `obj` and returns
 * `{status, message}`. What returns nothing gives the object no health. Errors become Unknown and name the key.
 */
export function luaHealthCheck(
  rule: HealthRule & { language: 'lua' },
  { machine, now = () => performance.now() }: LuaHealthOptions,
): (object: KubeObject) => { status: HealthStatus | undefined } {
  let resting: { until: number; error: string } | undefined;
  const where = `(argocd-cm, key ${rule.key})`;
  return (object) => {
    if (resting && now() < resting.until) return { status: unknown(`${resting.error} ${where}`) };
    const result = machine.run({
      script: rule.script,
      globals: { obj: object },
      openLibraries: rule.openLibraries,
    });
    resting = !result.ok && result.overtime ? { until: now() + restMs, error: result.error } : undefined;
    return { status: verdictOf(result, where) };
  };
}

function verdictOf(result: LuaResult, where: string): HealthStatus | undefined {
  if (!result.ok) return unknown(`${result.error} ${where}`);
  const { value } = result;
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  if (typeof value !== 'object') return unknown(`expect table output from Lua script, not ${typeof value} ${where}`);
  const { status, message } = value as Record<string, unknown>;
  if (!isHealthStatusCode(status)) return unknown('Lua returned an invalid health status');
  return typeof message === 'string' && message !== '' ? { status, message } : { status };
}
