import {
  type Application,
  type ApplicationSpec,
  applicationApiVersion,
  applicationSchema,
  specSchema,
} from '@plumbline/apis';
import { z } from 'zod';
import { flag, list, text } from '../wire/query.ts';
import { applicationNumbers, specNumbers, withNumbers, withoutServerMetadata } from '../wire/wire-numbers.ts';

/** Names the Application's namespace and project; with `project`, an unknown Application is 404 instead of 403. */
export const applicationQuerySchema = z.object({ appNamespace: text.optional(), project: list.optional() });

/** Manifests to compare with, where there are few enough for a URL. */
export const serverSideDiffQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  targetManifests: list.optional(),
});

/** Narrows a list or a watch. `repo` compares the URLs of all sources; `fields` is a projection (reference §8.1). */
export const applicationListQuerySchema = z.object({
  name: text.optional(),
  projects: list.optional(),
  project: list.optional(),
  selector: text.optional(),
  repo: text.optional(),
  appNamespace: text.optional(),
  resourceVersion: text.optional(),
  fields: text.optional(),
  /** Items of a page; all without it, and with 0, which clients send that always send it. */
  limit: z
    .union([z.number(), z.string()])
    .transform((value) => (value === '' || Number(value) === 0 ? undefined : Number(value)))
    .pipe(z.number().int().positive().max(100_000).optional())
    .optional(),
  /** The token of the page before. */
  continue: text.optional(),
  /** A field to sort by, with `-` before it in falling order. */
  sort: text.optional(),
  /** Words to search for. */
  q: text.optional(),
});
export type ApplicationListQuery = z.output<typeof applicationListQuerySchema>;

/** With `refresh` the answer comes after the comparison that it asked for. */
export const applicationGetQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  refresh: z
    .enum(['normal', 'hard', 'true', ''])
    .transform((value) => (value === '' ? undefined : value === 'hard' ? ('hard' as const) : ('normal' as const)))
    .optional(),
});

export const applicationListSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    /** Token of the next page, and how many items follow. */
    continue: z.string().optional(),
    remainingItemCount: z.number().optional(),
  }),
  items: z.array(applicationSchema),
});
/** With a `fields` projection the items hold just those fields. */
export interface ApplicationList {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: Application[];
}

/** An Application as a client sends it: apiVersion and kind may be left out; status is not the client's to set. */
export interface ApplicationInput {
  apiVersion?: string;
  kind?: string;
  metadata: Partial<Application['metadata']> & { name: string };
  spec: ApplicationSpec;
  operation?: Application['operation'];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const applicationInputSchema = z.preprocess((value) => {
  if (!isObject(value)) return value;
  const { status: _, ...rest } = withoutServerMetadata(value);
  return withNumbers({ ...rest, apiVersion: applicationApiVersion, kind: 'Application' }, applicationNumbers);
}, applicationSchema) as z.ZodType<Application, ApplicationInput>;

/** The spec alone, as a client sends it. */
export const applicationSpecInputSchema = z.preprocess(
  (value) => withNumbers(value, specNumbers),
  specSchema,
) as z.ZodType<ApplicationSpec, ApplicationSpec>;

export const applicationCreateQuerySchema = z.object({
  upsert: flag.default(false),
  validate: flag.default(true),
});
export const applicationUpdateQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  validate: flag.default(true),
});

/** `patch` is the text of a JSON patch, which is the default, or of a JSON merge patch. */
export const applicationPatchSchema = z.object({
  patch: z.string(),
  patchType: z
    .enum(['json', 'merge', ''])
    .optional()
    .transform((type) => type || 'json'),
});

/** `cascade` deletes the managed objects first. */
export const applicationDeleteQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  cascade: flag.default(true),
  propagationPolicy: text.optional(),
});

const infoSchema = z.object({ name: z.string(), value: z.string() });
const forceSchema = z.object({ force: z.boolean().optional() }).nullish();

/** What to sync and how (reference §8.2). What is left out is taken from the Application. */
/** `dryRun` in the query asks for the plan of the sync in place of the sync (our own); in the body it makes a dry run. */
export const syncQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  // The bare word means it, too: no client sends it empty otherwise.
  dryRun: z.union([z.literal('').transform(() => true), flag]).default(false),
});

export const syncRequestSchema = z.object({
  revision: text.nullish(),
  revisions: z.array(z.string()).nullish(),
  sourcePositions: z.array(z.union([z.number().int(), z.string().regex(/^\d+$/)])).nullish(),
  dryRun: z.boolean().nullish(),
  prune: z.boolean().nullish(),
  strategy: z.object({ apply: forceSchema, hook: forceSchema }).nullish(),
  resources: z
    .array(
      z.object({
        group: z.string().optional(),
        kind: z.string(),
        name: z.string(),
        namespace: z.string().optional(),
      }),
    )
    .nullish(),
  manifests: z.array(z.string()).nullish(),
  infos: z.array(infoSchema).nullish(),
  retryStrategy: z
    .object({
      limit: z
        .union([
          z.number().int(),
          z
            .string()
            .regex(/^-?\d+$/)
            .transform(Number),
        ])
        .optional(),
      backoff: z
        .object({
          duration: z.string().optional(),
          factor: z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]).optional(),
          maxDuration: z.string().optional(),
        })
        .optional(),
      refresh: z.boolean().optional(),
    })
    .nullish(),
  syncOptions: z.object({ items: z.array(z.string()).nullish() }).nullish(),
  /** The hash of a plan: if it is another one by now, the sync is refused. Our own. */
  plan: text.nullish(),
});
export type SyncRequestBody = z.output<typeof syncRequestSchema>;

/** `id` names an entry of `status.history`; 0 = the one before the newest. */
export const rollbackRequestSchema = z.object({
  id: z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]).default(0),
  dryRun: z.boolean().nullish(),
  prune: z.boolean().nullish(),
  /** Under automation: leave out what was deployed after the entry, until something newer is there. Our own. */
  pin: z.boolean().nullish(),
  /** Why, for people; with `pin`. */
  reason: text.nullish(),
  /** A duration or a time; from then on automation takes up again what was left out; with `pin`. */
  expires: text.nullish(),
});

/** Filters of managed-resources and resource-tree. Empty = any. */
export const resourcesQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  namespace: text.optional(),
  name: text.optional(),
  version: text.optional(),
  group: text.optional(),
  kind: text.optional(),
});
export type ResourcesQuery = z.output<typeof resourcesQuerySchema>;

export const manifestsQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  revision: text.optional(),
  /** Of some of several sources: the revisions at these places, counted from 1. */
  revisions: list.optional(),
  sourcePositions: list.optional(),
  noCache: flag.default(false),
});

/** One frame of the watch of Applications. */
export const applicationWatchEventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
  application: applicationSchema,
});
export interface ApplicationWatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  application: Application;
}
