import { z } from 'zod';
import type { RouteAccess } from '../access.ts';
import { text } from '../wire/query.ts';

const name = z.string().min(1).max(253);

/** Where a terminal is wanted (reference §8.3). A shell that is not among those of the settings counts as none. */
export const terminalQuerySchema = z.object({
  pod: name,
  container: name,
  appName: name,
  projectName: name,
  namespace: name,
  appNamespace: text.optional(),
  shell: text.optional(),
});
export type TerminalQuery = z.output<typeof terminalQuerySchema>;

/** A message of a terminal: `stdin` and `resize` from the caller, `stdout` to him. */
export const terminalFrameSchema = z.object({
  operation: z.enum(['stdin', 'stdout', 'resize']),
  data: z.string().default(''),
  rows: z.number().int().min(0).max(65_535).default(0),
  cols: z.number().int().min(0).max(65_535).default(0),
});
export type TerminalFrame = z.output<typeof terminalFrameSchema>;

/** The terminal: a WebSocket beside the routes of the table, with rights that are enforced in the same place. */
export const terminalRoute = {
  path: '/terminal',
  access: { application: ['get'], beside: ['exec', 'create'] } satisfies RouteAccess as RouteAccess,
} as const;
