import type { z } from 'zod';
import { list, open, text, textMap, texts } from '../fields.ts';

/** A name and a value. */
export const nameValueSchema = open({ name: text('Name.'), value: text('Value.') }, 'A name and a value.');

const pluginParameter = open(
  {
    name: text('Name.').optional(),
    string: text('Value, when it is a string.').optional(),
    map: textMap('Value, when it is a map.').optional(),
    array: texts('Value, when it is a list.').optional(),
  },
  'A parameter of a plugin.',
);

/** Options of a config management plugin (reference §1.2). */
export const pluginSchema = open(
  {
    name: text('Name of the plugin, with -version where it has one; empty: found by discovery.').optional(),
    env: list(nameValueSchema, 'Environment variables.').optional(),
    parameters: list(pluginParameter, 'Parameters.').optional(),
  },
  'Options of a config management plugin.',
);
export type ApplicationSourcePlugin = z.infer<typeof pluginSchema>;
