import { z } from 'zod';
import { onApplication } from '../access.ts';
import { applicationQuerySchema, syncRequestSchema } from './applications.ts';
import { objectHistoryRoutes } from './object-history.ts';

/** A field that a sync will change. */
const differenceSchema = z.object({
  path: z.string(),
  target: z.unknown().optional(),
  live: z.unknown().optional(),
  manager: z.string().optional(),
  time: z.string().optional(),
});

const plannedTaskSchema = z.object({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** `keep` is no longer in the source and stays, `none` is in order, `run` is a hook. */
  action: z.enum(['create', 'change', 'replace', 'run', 'prune', 'keep', 'none']),
  hook: z.string().optional(),
  /** Why it stands where it stands. */
  reason: z.string(),
  differences: z.array(differenceSchema).optional(),
});

/** The plan of a sync as it would run now: phases, their waves, their tasks, all in order. */
const operationPlanSchema = z.object({
  /** Names this very plan: a sync can be bound to it. */
  hash: z.string(),
  revisions: z.array(z.string()),
  phases: z.array(
    z.object({
      phase: z.string(),
      waves: z.array(z.object({ wave: z.number(), waitsFor: z.string(), tasks: z.array(plannedTaskSchema) })),
    }),
  ),
  invalid: z.array(
    z.object({ group: z.string(), kind: z.string(), namespace: z.string(), name: z.string(), message: z.string() }),
  ),
  /** What it would wait for before its first write. */
  holds: z.array(z.string()),
  /** The deletions that need an approval; `digest` is what is approved. */
  approval: z.object({ digest: z.string(), reason: z.string() }).optional(),
});
export type OperationPlan = z.infer<typeof operationPlanSchema>;
export type PlannedTask = z.infer<typeof plannedTaskSchema>;

/** A sync that is asked for a preview. Absent values are those of an automated sync. */
const planRequestSchema = syncRequestSchema;

/** The name of the fact of an operation (`operation.info`) that binds it to a plan; its value is the plan's hash. */
export const planFact = 'plumbline.dev/plan';

/** Approves deletions by the digest that the held operation names. */
const approvalRequestSchema = z.object({ digest: z.string().regex(/^[0-9a-f]{16}$/) });

/** Revisions that automation leaves out, in the annotation `plumbline.dev/skip-revisions`. */
export const skipRevisionsSchema = z.object({
  revisions: z.array(z.string()),
  by: z.string().optional(),
  reason: z.string().optional(),
  /** RFC 3339. */
  since: z.string().optional(),
  /** RFC 3339; from then on automation takes the revision up again. */
  expires: z.string().optional(),
});
export type SkipRevisions = z.infer<typeof skipRevisionsSchema>;

const windowSchema = z.object({
  kind: z.string().optional(),
  schedule: z.string().optional(),
  duration: z.string().optional(),
  timeZone: z.string().optional(),
  manualSync: z.boolean().optional(),
  syncOverrun: z.boolean().optional(),
  description: z.string().optional(),
});

/** The sync windows of an Application (reference §8.2): those that concern it, those that are open, and what they allow. */
const applicationSyncWindowsSchema = z.object({
  canSync: z.boolean().optional(),
  activeWindows: z.array(windowSchema).optional(),
  assignedWindows: z.array(windowSchema).optional(),
});
export type ApplicationSyncWindows = z.infer<typeof applicationSyncWindowsSchema>;

const one = '/api/v1/applications/{name}' as const;
const common = { query: applicationQuerySchema } as const;

/** Routes about what a sync would do and what holds it up; those under `plan` and `approval` are our own. */
export const operationRoutes = {
  ...objectHistoryRoutes,
  planApplication: {
    ...common,
    access: onApplication('get'),
    method: 'POST',
    path: `${one}/plan`,
    body: planRequestSchema,
    response: operationPlanSchema,
    placeInBody: true,
  },
  runningPlan: {
    ...common,
    access: onApplication('get'),
    method: 'GET',
    path: `${one}/plan`,
    response: operationPlanSchema,
  },
  approveDeletions: {
    ...common,
    access: onApplication('get', 'sync', 'delete'),
    method: 'POST',
    path: `${one}/approval`,
    body: approvalRequestSchema,
    response: z.object({}),
    placeInBody: true,
  },
  releaseRevisions: {
    ...common,
    access: onApplication('get', 'sync'),
    method: 'DELETE',
    path: `${one}/skip-revisions`,
    response: z.object({}),
  },
  applicationSyncWindows: {
    ...common,
    access: onApplication('get'),
    method: 'GET',
    path: `${one}/syncwindows`,
    response: applicationSyncWindowsSchema,
  },
} as const;
