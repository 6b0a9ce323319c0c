import { z } from 'zod';

/**
 * One field that differs, as plain values. `path` is a JSON pointer into the object, for example `/spec/replicas`;
 * `target` or `live` is absent where that side lacks the field; `manager` and `time` (RFC 3339) tell who last wrote the
 * live value, where managedFields knows.
 */
export const fieldDifferenceSchema = z.object({
  path: z.string(),
  target: z.unknown().optional(),
  live: z.unknown().optional(),
  manager: z.string().optional(),
  time: z.string().optional(),
});
export type FieldDifference = z.infer<typeof fieldDifferenceSchema>;

/** A rule of `spec.ignoreDifferences` that matches one object, ready to paste. */
export const ignoreRuleSchema = z.object({
  group: z.string().optional(),
  kind: z.string(),
  name: z.string().optional(),
  namespace: z.string().optional(),
  jsonPointers: z.array(z.string()).optional(),
  jqPathExpressions: z.array(z.string()).optional(),
});
export type IgnoreRuleText = z.infer<typeof ignoreRuleSchema>;

/**
 * One field that differs, with its cause. `class` is one of `source` (the source has changed since the last sync), `default`
 * (the API server filled it in), `webhook-or-controller`, `rival-manager` (another program writes what the source sets),
 * `human-edit`, `normal-form` (another spelling or order of the same) and `stale-owner` (left by a client-side apply). `counts`
 * says whether it makes the object OutOfSync; `rule` would silence it. Values of Secrets are runs of `+`.
 */
export const explainedDifferenceSchema = fieldDifferenceSchema.extend({
  class: z.string(),
  counts: z.boolean(),
  rule: ignoreRuleSchema.optional(),
});
export type ExplainedDifference = z.infer<typeof explainedDifferenceSchema>;

/**
 * One declared or managed object, both sides of it. The states are JSON texts, '' where that side is missing, as in
 * Argo CD: `normalizedLiveState` is the live state without what the comparison ignores, `predictedLiveState` what it
 * would be after applying the target. `diff` is empty in Argo CD too and kept for its clients; `differences` is ours, and so
 * is `explanation`: every field in which the sides differ, those that do not count included.
 */
export const managedResourceSchema = z.object({
  group: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  version: z.string().optional(),
  targetState: z.string(),
  liveState: z.string(),
  diff: z.string(),
  hook: z.boolean(),
  normalizedLiveState: z.string(),
  predictedLiveState: z.string(),
  resourceVersion: z.string(),
  modified: z.boolean(),
  differences: z.array(fieldDifferenceSchema),
  explanation: z.array(explainedDifferenceSchema).optional(),
});
export type ManagedResource = z.infer<typeof managedResourceSchema>;

export const managedResourcesSchema = z.object({ items: z.array(managedResourceSchema) });
export type ManagedResources = z.infer<typeof managedResourcesSchema>;

/**
 * What a comparison with other manifests than the source's is asked for. Each manifest is a JSON text; without any, the
 * source's own count. Live objects that the caller sends are not looked at: they come from the cluster.
 */
export const serverSideDiffRequestSchema = z.object({ targetManifests: z.array(z.string()).nullish() });
export type ServerSideDiffRequest = z.infer<typeof serverSideDiffRequestSchema>;

/** `modified`: whether an apply would change anything. */
export const serverSideDiffSchema = z.object({ items: z.array(managedResourceSchema), modified: z.boolean() });
export type ServerSideDiff = z.infer<typeof serverSideDiffSchema>;

/** Rendered manifests, each a JSON text. */
export const manifestsResponseSchema = z.object({
  manifests: z.array(z.string()),
  revision: z.string(),
  namespace: z.string(),
  server: z.string(),
  sourceType: z.string(),
});
export type ManifestsResponse = z.infer<typeof manifestsResponseSchema>;
