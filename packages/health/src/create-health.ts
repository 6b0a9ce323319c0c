import { type GroupKind, groupKindOf, type KubeObject } from '@plumbline/manifests';
import { assessHealth, pendingDeletion } from './assess.ts';
import { luaHealthCheck } from './lua/lua-health.ts';
import { createLuaMachine, type LuaMachineOptions } from './lua/lua-machine.ts';
import { type HealthRule, ruleFor } from './rules.ts';
import type { HealthStatus } from './types.ts';

/** Assesses live objects by users' rules and the bundled ones. Synchronous, and never throws. */
export interface Health {
  /** Undefined: the kind has no health and does not count. */
  assess(object: KubeObject): HealthStatus | undefined;
}

/** A user's rule, ready to run. Undefined: it says nothing, the next in line is asked. */
type RuleCheck = (object: KubeObject) => { status: HealthStatus | undefined } | undefined;

/**
 * Prepares the health rules of argocd-cm. In line are, for each kind, its CEL rule, its Lua rule, the bundled check
 * (reference §5 "Precedence"). Each language is loaded only where there is a rule in it.
 */
export async function createHealth(rules: readonly HealthRule[], options: LuaMachineOptions = {}): Promise<Health> {
  const lua = rules.filter((rule) => rule.language === 'lua');
  const cel = rules.filter((rule) => rule.language === 'cel');
  const machine = lua.length > 0 ? await createLuaMachine(options) : undefined;
  const checks = new Map<HealthRule, RuleCheck>();
  if (cel.length > 0) {
    const { celCheck } = await import('./cel/cel-check.ts');
    for (const rule of cel) checks.set(rule, celCheck(rule));
  }
  if (machine) for (const rule of lua) checks.set(rule, luaHealthCheck(rule, { machine, now: options.now }));
  const byKind = memoized((kind) =>
    [ruleFor(cel, kind), ruleFor(lua, kind)].flatMap((rule) => (rule && checks.get(rule)) ?? []),
  );
  return {
    assess: (object) => {
      const pending = pendingDeletion(object);
      if (pending) return pending;
      for (const check of byKind(groupKindOf(object))) {
        const verdict = check(object);
        if (verdict) return verdict.status;
      }
      return assessHealth(object);
    },
  };
}

function memoized<T>(read: (kind: GroupKind) => T): (kind: GroupKind) => T {
  const known = new Map<string, T>();
  return (kind) => {
    const name = `${kind.group}/${kind.kind}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const value = read(kind);
    known.set(name, value);
    return value;
  };
}
