import type { z } from 'zod';
import { healthStatusCodes, hydratePhases, sourceTypes, syncStatusCodes } from '../enums.ts';
import { flag, list, open, text, texts, time, whole, word } from '../fields.ts';
import { initiatorSchema } from './operation.ts';
import { operationStateSchema } from './operation-state.ts';
import { sourceHydratorSchema, sourceSchema, sourcesSchema } from './source.ts';
import { destinationSchema, ignoreDifferencesSchema } from './spec.ts';

const syncWord = word(syncStatusCodes, { unknown: 'Unknown', description: 'Whether live state matches target state.' });
const sourceTypeWord = word(sourceTypes, { unknown: 'Directory', description: 'Type of a source.' });

/** Health of an object or a whole Application. */
export const healthSchema = open(
  {
    status: word(healthStatusCodes, { unknown: 'Unknown', description: 'Health.' }).optional(),
    message: text('Reason, for people.').optional(),
    lastTransitionTime: time('When the status last changed.').optional(),
  },
  'Health.',
);
export type ApplicationHealth = z.infer<typeof healthSchema>;

/** State of one managed object. */
export const resourceStatusSchema = open(
  {
    group: text('API group.').optional(),
    version: text('API version.').optional(),
    kind: text('Kind.').optional(),
    namespace: text('Namespace.').optional(),
    name: text('Name.').optional(),
    status: syncWord.optional(),
    health: healthSchema.optional(),
    hook: flag('The object is a hook.').optional(),
    requiresPruning: flag('Not in the source; a sync with prune would delete it.').optional(),
    requiresDeletionConfirmation: flag('Deleting it needs an approval.').optional(),
    syncWave: whole('Sync wave.').optional(),
  },
  'State of one managed object.',
);
export type ResourceStatus = z.infer<typeof resourceStatusSchema>;

const revisionHistory = open(
  {
    id: whole('Number of the entry; grows.'),
    revision: text('Revision.').optional(),
    revisions: texts('Revision of each source.').optional(),
    deployStartedAt: time('Start of the sync.').optional(),
    deployedAt: time('End of the sync.'),
    source: sourceSchema.optional(),
    sources: sourcesSchema.optional(),
    initiatedBy: initiatorSchema.optional(),
  },
  'A past successful sync.',
);
export type RevisionHistory = z.infer<typeof revisionHistory>;

const condition = open(
  {
    type: text('Type; the suffix Error or Warning says how bad it is.'),
    message: text('Sentence for people.'),
    lastTransitionTime: time('When type or message last changed.').optional(),
  },
  'Something people should know.',
);
export type ApplicationCondition = z.infer<typeof condition>;

const syncStatus = open(
  {
    status: syncWord,
    comparedTo: open(
      {
        source: sourceSchema.optional(),
        sources: sourcesSchema.optional(),
        destination: destinationSchema,
        ignoreDifferences: ignoreDifferencesSchema.optional(),
      },
      'What the comparison was made with.',
    ).optional(),
    revision: text('Revision compared with.').optional(),
    revisions: texts('Revision of each source.').optional(),
  },
  'Outcome of the last comparison.',
);
export type SyncStatus = z.infer<typeof syncStatus>;

const summary = open(
  {
    externalURLs: texts('Links to what runs.').optional(),
    images: texts('Images in use.').optional(),
    isAppOfApps: flag('Has Applications among its objects.').optional(),
  },
  'Facts gathered over all objects.',
);
export type ApplicationSummary = z.infer<typeof summary>;

const hydrateShape = {
  drySHA: text('Commit rendered from.').optional(),
  hydratedSHA: text('Commit rendered to.').optional(),
  sourceHydrator: sourceHydratorSchema.optional(),
};

const sourceHydratorStatus = open(
  {
    lastSuccessfulOperation: open(hydrateShape, 'The last run that succeeded.').optional(),
    currentOperation: open(
      {
        ...hydrateShape,
        startedAt: time('Start.').optional(),
        finishedAt: time('End.').optional(),
        phase: word(hydratePhases, { unknown: 'Failed', description: 'How far the run is.' }),
        message: text('Sentence for people.'),
      },
      'The running or last run.',
    ).optional(),
    lastComparedDryRevision: text('Newest unrendered commit looked at.').optional(),
  },
  'State of the source hydrator.',
);
export type SourceHydratorStatus = z.infer<typeof sourceHydratorStatus>;

/** What the controller observed (reference §1.5). */
export const statusSchema = open(
  {
    sync: syncStatus.optional(),
    health: healthSchema.optional(),
    resources: list(resourceStatusSchema, 'Managed objects.').optional(),
    history: list(revisionHistory, 'Past successful syncs, oldest first.').optional(),
    conditions: list(condition, 'Errors and warnings.').optional(),
    operationState: operationStateSchema.optional(),
    summary: summary.optional(),
    sourceType: sourceTypeWord.optional(),
    sourceTypes: list(sourceTypeWord, 'Type of each source.').optional(),
    resourceHealthSource: text(
      'Where health of objects is kept: empty is inline, appTree is the resource tree.',
    ).optional(),
    reconciledAt: time('End of the last comparison.').optional(),
    observedAt: time('Deprecated: as reconciledAt.').optional(),
    controllerNamespace: text('Namespace of the controller that manages the Application.').optional(),
    sourceHydrator: sourceHydratorStatus.optional(),
  },
  'What the controller observed; written by it alone.',
);
export type ApplicationStatus = z.infer<typeof statusSchema>;
