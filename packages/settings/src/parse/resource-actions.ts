import type { ActionRule } from '@plumbline/health';
import { z } from 'zod';
import { checkedYaml } from './checked-yaml.ts';

/** What a value with actions holds, without what it is for. */
export type ActionScripts = Pick<ActionRule, 'discovery' | 'definitions' | 'mergeBuiltIn'>;

const schema = z.looseObject({
  'discovery.lua': z.string().nullish(),
  definitions: z.array(z.looseObject({ name: z.string(), 'action.lua': z.string() })).nullish(),
  mergeBuiltinActions: z.boolean().nullish(),
});

/** The YAML of `resource.customizations.actions.*` (reference §5 "Actions"). */
export function parseActions(text: string): ActionScripts {
  const { 'discovery.lua': discovery, definitions, mergeBuiltinActions } = checkedYaml(schema, text);
  return {
    discovery: discovery ?? '',
    definitions: (definitions ?? []).map(({ name, 'action.lua': script }) => ({ name, script })),
    mergeBuiltIn: mergeBuiltinActions ?? false,
  };
}
