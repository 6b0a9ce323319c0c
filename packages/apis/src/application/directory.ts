import type { z } from 'zod';
import { flag, list, open, text, texts } from '../fields.ts';

const jsonnetVariable = open(
  {
    name: text('Name.'),
    value: text('Value.'),
    code: flag('The value is Jsonnet code, not a string.').optional(),
  },
  'A Jsonnet variable.',
);

const jsonnet = open(
  {
    extVars: list(jsonnetVariable, 'External variables.').optional(),
    tlas: list(jsonnetVariable, 'Top-level arguments.').optional(),
    libs: texts('Library folders.').optional(),
  },
  'Options of Jsonnet.',
);

/** Options of a directory of plain manifests (reference §1.2). */
export const directorySchema = open(
  {
    recurse: flag('Read folders below too.').optional(),
    include: text('Glob of files to read, relative to the path; {a,b} for several.').optional(),
    exclude: text('Glob of files to leave out; wins over include.').optional(),
    disableExtensionFilter: flag('Read files of every extension, not only YAML, JSON and Jsonnet.').optional(),
    jsonnet: jsonnet.optional(),
  },
  'Options of a directory of manifests.',
);
export type ApplicationSourceDirectory = z.infer<typeof directorySchema>;
