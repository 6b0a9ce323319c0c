import { PlumblineError } from '@plumbline/errors';
import { groupKindOf, type KubeObject } from '@plumbline/manifests';
import { createLuaMachine, type LuaMachine, type LuaMachineOptions } from '../lua/lua-machine.ts';
import { type ActionRule, kindName } from '../rules.ts';
import { discover, runScript } from './lua-actions.ts';
import { builtInActions } from './registry.ts';
import type { ActionInput, ActionOperation, OfferedAction } from './types.ts';

/** The actions of live objects, users' and built-in ones. Nothing is done in a cluster here. */
export interface Actions {
  /** What the object offers, sorted by name. Throws `ACTION_SCRIPT_FAILED`. */
  list(object: KubeObject): Promise<OfferedAction[]>;
  /** What an action would do. Throws `ACTION_UNKNOWN`, `ACTION_INVALID`, `ACTION_SCRIPT_FAILED`. */
  run(object: KubeObject, name: string, input: ActionInput): Promise<ActionOperation[]>;
}

/** `rules` are asked for at each call, so that they may change. Lua is loaded with the first script. */
export function createActions(rules: () => readonly ActionRule[], options: LuaMachineOptions = {}): Actions {
  let machine: Promise<LuaMachine> | undefined;
  const lua = () => {
    machine ??= createLuaMachine(options);
    return machine;
  };
  // Argo CD takes actions by the kind's own name only, not by patterns.
  const ruleOf = (object: KubeObject) => rules().find(({ pattern }) => pattern === kindName(groupKindOf(object)));
  return {
    list: async (object) => {
      const rule = ruleOf(object);
      const own = rule ? discover(rule, object, await lua()) : [];
      const names = new Set(own.map(({ name }) => name));
      const builtIn = rule && !rule.mergeBuiltIn ? [] : offers(object).filter(({ name }) => !names.has(name));
      return [...own, ...builtIn].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    run: async (object, name, input) => {
      const rule = ruleOf(object);
      const own = rule?.definitions.find((definition) => definition.name === name);
      if (rule && own) return runScript(rule, own, { object, input, machine: await lua() });
      const builtIn = builtInActions(groupKindOf(object)).find((action) => action.name === name);
      if (builtIn) return builtIn.run(object, input);
      const known = [...(rule?.definitions ?? []), ...builtInActions(groupKindOf(object))].map((action) => action.name);
      throw new PlumblineError('ACTION_UNKNOWN', `${object.kind} has no action ${JSON.stringify(name)}`, {
        retry: 'terminal',
        hint: known.length > 0 ? `its actions are ${known.join(', ')}` : 'it has none',
      });
    },
  };
}

function offers(object: KubeObject): OfferedAction[] {
  return builtInActions(groupKindOf(object)).flatMap((action) => {
    const offer = action.offer(object);
    return offer ? [{ name: action.name, ...offer }] : [];
  });
}
