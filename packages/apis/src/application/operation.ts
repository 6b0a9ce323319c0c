import type { z } from 'zod';
import { flag, list, open, text, texts, whole } from '../fields.ts';
import { nameValueSchema } from './plugin.ts';
import { sourceSchema, sourcesSchema } from './source.ts';
import { retrySchema } from './sync-policy.ts';

const syncOperationResource = open(
  {
    group: text('API group.').optional(),
    kind: text('Kind.'),
    name: text('Name.'),
    namespace: text('Namespace.').optional(),
  },
  'One object to sync.',
);
export type SyncOperationResource = z.infer<typeof syncOperationResource>;

const strategyOptions = {
  force: flag('Delete and create objects that cannot be changed in place.').optional(),
};

const syncStrategy = open(
  {
    apply: open(strategyOptions, 'Apply without hooks.').optional(),
    hook: open(strategyOptions, 'Apply with hooks (default).').optional(),
  },
  'How to sync.',
);
export type SyncStrategy = z.infer<typeof syncStrategy>;

const syncOperation = open(
  {
    revision: text('Revision to sync to; default: the source’s.').optional(),
    revisions: texts('One revision for each source.').optional(),
    prune: flag('Delete objects that are no longer in the source.').optional(),
    dryRun: flag('Change nothing.').optional(),
    syncStrategy: syncStrategy.optional(),
    resources: list(syncOperationResource, 'Only these objects; default: all.').optional(),
    source: sourceSchema.optional(),
    sources: sourcesSchema.optional(),
    manifests: texts('Manifests to sync in place of the source’s.').optional(),
    syncOptions: texts('Sync options of this operation.').optional(),
    autoHealAttemptsCount: whole('Number of self-heal attempts so far.').optional(),
  },
  'A sync.',
);
export type SyncOperation = z.infer<typeof syncOperation>;

/** Who started an operation. */
export const initiatorSchema = open(
  {
    username: text('User who started it.').optional(),
    automated: flag('Started by automation.').optional(),
  },
  'Who started it.',
);
export type OperationInitiator = z.infer<typeof initiatorSchema>;

/** A request to act (reference §1.4); the controller removes it when it is done. */
export const operationSchema = open(
  {
    sync: syncOperation.optional(),
    initiatedBy: initiatorSchema.optional(),
    info: list(nameValueSchema, 'Facts for people.').optional(),
    retry: retrySchema.optional(),
  },
  'A requested or running operation.',
);
export type Operation = z.infer<typeof operationSchema>;
