import type { z } from 'zod';
import { hookTypes, operationPhases, resultCodes, syncPhases } from '../enums.ts';
import { list, open, text, texts, time, whole, word } from '../fields.ts';
import { operationSchema } from './operation.ts';
import { sourceSchema, sourcesSchema } from './source.ts';
import { managedNamespaceMetadataSchema } from './sync-policy.ts';

const resourceResult = open(
  {
    group: text('API group.'),
    version: text('API version.'),
    kind: text('Kind.'),
    namespace: text('Namespace.'),
    name: text('Name.'),
    status: word(resultCodes, { unknown: 'SyncFailed', description: 'What came of it.' }).optional(),
    message: text('Words of the server or the engine.').optional(),
    hookType: word(hookTypes, { unknown: 'Skip', description: 'Type of the hook.' }).optional(),
    hookPhase: word(operationPhases, { unknown: 'Error', description: 'How far the object is.' }).optional(),
    syncPhase: word(syncPhases, { unknown: 'Sync', description: 'Phase it belongs to.' }).optional(),
    images: texts('Images of the object.').optional(),
  },
  'Outcome for one object.',
);
export type ResourceResult = z.infer<typeof resourceResult>;

const syncOperationResult = open(
  {
    revision: text('Revision synced to.'),
    revisions: texts('Revision of each source.').optional(),
    source: sourceSchema.optional(),
    sources: sourcesSchema.optional(),
    resources: list(resourceResult, 'Outcome for each object.').optional(),
    managedNamespaceMetadata: managedNamespaceMetadataSchema.optional(),
  },
  'Outcome of a sync.',
);
export type SyncOperationResult = z.infer<typeof syncOperationResult>;

/** The running or last operation (reference §1.5). */
export const operationStateSchema = open(
  {
    operation: operationSchema,
    phase: word(operationPhases, { unknown: 'Error', description: 'How far the operation is.' }),
    message: text('Sentence for people.').optional(),
    syncResult: syncOperationResult.optional(),
    startedAt: time('Start.'),
    finishedAt: time('End.').optional(),
    retryCount: whole('Number of retries so far.').optional(),
  },
  'The running or last operation.',
);
export type OperationState = z.infer<typeof operationStateSchema>;
