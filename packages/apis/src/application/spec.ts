import type { z } from 'zod';
import { list, open, text, texts, whole } from '../fields.ts';
import { nameValueSchema } from './plugin.ts';
import { sourceHydratorSchema, sourceSchema, sourcesSchema } from './source.ts';
import { syncPolicySchema } from './sync-policy.ts';

/** Where objects go (reference §1.1). Exactly one of server and name. */
export const destinationSchema = open(
  {
    server: text('URL of the cluster’s API server.').optional(),
    name: text('Name of the cluster.').optional(),
    namespace: text('Namespace of namespaced objects that name none.').optional(),
  },
  'Cluster and namespace that objects go to.',
);
export type ApplicationDestination = z.infer<typeof destinationSchema>;

/** One rule for differences that do not count (reference §1.1). */
export const ignoreDifferenceSchema = open(
  {
    group: text('Glob of API groups.').optional(),
    kind: text('Glob of kinds.'),
    name: text('Name; empty is any.').optional(),
    namespace: text('Namespace; empty is any.').optional(),
    jsonPointers: texts('JSON pointers (RFC 6901) of fields.').optional(),
    jqPathExpressions: texts('jq paths of fields.').optional(),
    managedFieldsManagers: texts('Field managers whose fields do not count.').optional(),
  },
  'Differences that do not count.',
);
export type IgnoreDifference = z.infer<typeof ignoreDifferenceSchema>;

/** `ignoreDifferences`. */
export const ignoreDifferencesSchema = list(ignoreDifferenceSchema, 'Differences that do not count.');

/** The members of an Application's spec, for schemas that reuse them. */
export const specShape = {
  project: text('AppProject the Application belongs to; empty is default.'),
  destination: destinationSchema,
  source: sourceSchema.optional(),
  sources: sourcesSchema.optional(),
  sourceHydrator: sourceHydratorSchema.optional(),
  syncPolicy: syncPolicySchema.optional(),
  ignoreDifferences: ignoreDifferencesSchema.optional(),
  info: list(nameValueSchema, 'Facts for people, shown in user interfaces.').optional(),
  revisionHistoryLimit: whole('Entries kept in status.history. Default 10; 0 keeps none.').optional(),
};

/** What an Application wants (reference §1.1). */
export const specSchema = open(specShape, 'What should run where, and how it is kept so.');
export type ApplicationSpec = z.infer<typeof specSchema>;
