import { z } from 'zod';
import { applicationQuerySchema } from '../applications/applications.ts';
import { flag, text } from '../wire/query.ts';

/** Names one live object of an Application. `group` is empty for the core group, `namespace` for cluster-scoped kinds. */
export const liveResourceQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  namespace: z.string().default(''),
  resourceName: z.string().min(1),
  version: z.string().min(1),
  group: z.string().default(''),
  kind: z.string().min(1),
});
export type LiveResourceQuery = z.output<typeof liveResourceQuerySchema>;

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
] as const;

/** `patchType` is the content type of the patch as Kubernetes knows it. */
export const liveResourcePatchQuerySchema = z.object({
  ...liveResourceQuerySchema.shape,
  patchType: z.enum(patchTypes).default('application/merge-patch+json'),
});

/** The patch as JSON, or the text of it as a JSON string (what Argo CD's clients send). */
export const liveResourcePatchSchema = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]);

/** `force`: without a grace period. `orphan`: descendants stay. */
export const liveResourceDeleteQuerySchema = z.object({
  ...liveResourceQuerySchema.shape,
  force: flag.default(false),
  orphan: flag.default(false),
});

/** The live object as JSON; values of Secrets are runs of `+`. */
export const liveResourceSchema = z.object({ manifest: z.string() });

/** Without a resource: the events of the Application itself. */
export const eventsQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  resourceNamespace: text.optional(),
  resourceName: text.optional(),
  resourceUID: text.optional(),
});

/** Kubernetes events (core/v1), as they are. */
export const eventListSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.record(z.string(), z.unknown())),
});
export type EventList = z.output<typeof eventListSchema>;
