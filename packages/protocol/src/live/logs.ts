import { z } from 'zod';
import { applicationQuerySchema } from '../applications/applications.ts';
import { flag, text } from '../wire/query.ts';

const whole = z
  .union([z.number(), z.string()])
  .transform((value) => (value === '' ? undefined : Number(value)))
  .pipe(z.number().int().nonnegative().optional());

/** A moment, RFC 3339. */
const moment = text.pipe(
  z
    .string()
    .refine((value) => !Number.isNaN(Date.parse(value)), 'expected a time such as 2024-01-31T12:00:00Z')
    .optional(),
);

/**
 * Which lines of which Pods (reference §8.2). Without a Pod: of all Pods of the workload that `group`, `kind` and
 * `resourceName` name; without that too, of the whole Application. `filter` keeps lines that contain it, with `!` before it those that do not.
 */
const logsQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  namespace: text.optional(),
  podName: text.optional(),
  container: text.optional(),
  group: z.string().optional(),
  kind: text.optional(),
  resourceName: text.optional(),
  sinceSeconds: whole.optional(),
  sinceTime: moment.optional(),
  untilTime: moment.optional(),
  tailLines: whole.optional(),
  follow: flag.default(false),
  previous: flag.default(false),
  filter: text.optional(),
  matchCase: flag.default(false),
});
export type LogsQuery = z.output<typeof logsQuerySchema>;

/** One line; the last frame has `last` and no line. */
const logEntrySchema = z.object({
  content: z.string(),
  timeStamp: z.string().optional(),
  timeStampStr: z.string(),
  podName: z.string(),
  last: z.boolean(),
});
export type LogEntry = z.output<typeof logEntrySchema>;

const one = '/api/v1/applications/{name}';

/** Streams of lines that Pods have written. */
export const logRoutes = {
  applicationLogs: {
    method: 'GET',
    path: `${one}/logs`,
    access: { application: ['get'], beside: ['logs', 'get'] },
    query: logsQuerySchema,
    response: logEntrySchema,
    stream: true,
  },
  podLogs: {
    method: 'GET',
    path: `${one}/pods/{podName}/logs`,
    access: { application: ['get'], beside: ['logs', 'get'] },
    query: logsQuerySchema,
    response: logEntrySchema,
    stream: true,
  },
} as const;
