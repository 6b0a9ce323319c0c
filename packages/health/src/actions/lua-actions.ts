import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { LuaMachine } from '../lua/lua-machine.ts';
import { fieldsAt, listAt, textAt } from '../read.ts';
import type { ActionRule } from '../rules.ts';
import type { ActionInput, ActionOperation, ActionParameter, OfferedAction } from './types.ts';

function failure(rule: ActionRule, what: string, message: string): PlumblineError {
  return new PlumblineError('ACTION_SCRIPT_FAILED', `${what}: ${message} (argocd-cm, key ${rule.key})`, {
    retry: 'terminal',
  });
}

/** What a user's discovery script says that the object offers. Throws `ACTION_SCRIPT_FAILED`. */
export function discover(rule: ActionRule, object: KubeObject, machine: LuaMachine): OfferedAction[] {
  if (rule.discovery.trim() === '') return [];
  const globals = { obj: object, actionParams: {} };
  const result = machine.run({ script: rule.discovery, globals, openLibraries: rule.openLibraries });
  if (!result.ok) throw failure(rule, 'discovery.lua', result.error);
  if (typeof result.value !== 'object' || result.value === null) {
    throw failure(rule, 'discovery.lua', `expect table output from Lua script, not ${typeof result.value}`);
  }
  if (Array.isArray(result.value)) return [];
  return Object.entries(result.value).map(([name, value]) => offered(name, value));
}

function offered(name: string, value: unknown): OfferedAction {
  const fields = fieldsAt(value);
  const displayName = textAt(fields, 'displayName');
  const iconClass = textAt(fields, 'iconClass');
  const params = listAt(fields, 'params').map(parameter);
  return {
    name: textAt(fields, 'name') || name,
    disabled: fields['disabled'] === true,
    ...(displayName ? { displayName } : {}),
    ...(iconClass ? { iconClass } : {}),
    ...(params.length > 0 ? { params } : {}),
  };
}

function parameter(fields: unknown): ActionParameter {
  const part = (name: 'default' | 'type' | 'value') => {
    const value = fieldsAt(fields)[name];
    return value === undefined ? {} : { [name]: String(value) };
  };
  return { name: textAt(fields, 'name'), ...part('default'), ...part('type'), ...part('value') };
}

/** Runs a user's action. Throws `ACTION_SCRIPT_FAILED`. */
export function runScript(
  rule: ActionRule,
  action: { name: string; script: string },
  { object, input, machine }: { object: KubeObject; input: ActionInput; machine: LuaMachine },
): ActionOperation[] {
  const globals = { obj: object, actionParams: input.parameters };
  const result = machine.run({ script: action.script, globals, openLibraries: rule.openLibraries });
  if (!result.ok) throw failure(rule, action.name, result.error);
  const { value } = result;
  if (typeof value !== 'object' || value === null) {
    throw failure(rule, action.name, `expect table output from Lua script, not ${typeof value}`);
  }
  const operations = Array.isArray(value) ? value : [{ operation: 'patch', resource: value }];
  return operations.map((entry) => {
    const operation = textAt(entry, 'operation');
    if (operation !== 'create' && operation !== 'patch') {
      throw failure(rule, action.name, `unsupported operation: ${JSON.stringify(fieldsAt(entry)['operation'])}`);
    }
    const resource = fieldsAt(entry, 'resource');
    if (!textAt(resource, 'apiVersion') || !textAt(resource, 'kind') || !textAt(resource, 'metadata', 'name')) {
      throw failure(rule, action.name, 'it returned something that is no Kubernetes object');
    }
    const repaired = operation === 'patch' ? likeOriginal(resource, object) : resource;
    return { operation, resource: repaired as KubeObject };
  });
}

/**
 * Lua has one table for objects and lists, and an empty one reads as a list: where the original had an object, it is one
 * again.
 */
function likeOriginal(value: unknown, original: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 && isObject(original)) return {};
    return Array.isArray(original) ? value.map((item, index) => likeOriginal(item, original[index])) : value;
  }
  if (!isObject(value) || !isObject(original)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, likeOriginal(item, original[name])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
