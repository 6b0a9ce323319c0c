import { z } from 'zod';
import { healthSchema, resourceStatusSchema } from '../application/status.ts';
import { flag, intOrText, list, open, text, texts, time, whole } from '../fields.ts';
import { objectMetaSchema } from '../object-meta.ts';
import { generatorSchema } from './generators.ts';
import { templateSchema } from './template.ts';

/** What a set may do to its Applications (reference §11.3). */
export const applicationsSyncPolicies = ['create-only', 'create-update', 'create-delete', 'sync'] as const;

const syncPolicy = open(
  {
    applicationsSync: z
      .enum(applicationsSyncPolicies)
      .describe('What may be done to the Applications. Default sync.')
      .optional(),
    preserveResourcesOnDeletion: flag('Generate Applications without the resources finalizer.').optional(),
  },
  'What may be done to the Applications.',
);

const rollingStep = open(
  {
    matchExpressions: list(
      open(
        {
          key: text('Label of the Applications.').optional(),
          operator: text('In or NotIn.').optional(),
          values: texts('Values.').optional(),
        },
        'A requirement.',
      ),
      'Requirements that all must hold.',
    ).optional(),
    maxUpdate: intOrText('How many Applications may be updated at a time; number or percentage.').optional(),
  },
  'A group of Applications.',
);

const strategy = open(
  {
    type: text('AllAtOnce (default) or RollingSync.').optional(),
    rollingSync: open(
      { steps: list(rollingStep, 'Groups, in order.').optional() },
      'Update the Applications group by group.',
    ).optional(),
    deletionOrder: text('AllAtOnce (default) or Reverse.').optional(),
  },
  'In which order Applications are updated.',
);

const spec = open(
  {
    goTemplate: flag('Use Go templates instead of {{parameter}}.').optional(),
    goTemplateOptions: texts('Options of Go templates, for example missingkey=error.').optional(),
    generators: list(generatorSchema, 'Sources of parameter sets.'),
    template: templateSchema,
    templatePatch: text('Template of a patch on each Application, YAML or JSON.').optional(),
    syncPolicy: syncPolicy.optional(),
    strategy: strategy.optional(),
    preservedFields: open(
      {
        annotations: texts('Annotations of Applications that are left alone.').optional(),
        labels: texts('Labels of Applications that are left alone.').optional(),
      },
      'Metadata of Applications that is left alone.',
    ).optional(),
    ignoreApplicationDifferences: list(
      open(
        {
          name: text('Name of the Application; empty is all.').optional(),
          jsonPointers: texts('JSON pointers of fields.').optional(),
          jqPathExpressions: texts('jq paths of fields.').optional(),
        },
        'Fields of Applications that are left alone.',
      ),
      'Fields of Applications that are left alone.',
    ).optional(),
    applyNestedSelectors: flag('Deprecated: selectors of nested generators always count.').optional(),
  },
  'Which Applications to generate.',
);
export type ApplicationSetSpec = z.infer<typeof spec>;

const condition = open(
  {
    type: text('Type.'),
    status: text('True, False or Unknown.'),
    reason: text('Reason, one word.'),
    message: text('Sentence for people.'),
    lastTransitionTime: time('When the status last changed.').optional(),
  },
  'Something people should know.',
);

const applicationStatus = open(
  {
    application: text('Name of the Application.'),
    status: text('Waiting, Pending, Progressing or Healthy.'),
    step: text('Step it belongs to, from 1; -1 is none.'),
    message: text('Sentence for people.'),
    targetRevisions: texts('Revisions it goes to.'),
    lastTransitionTime: time('When the status last changed.').optional(),
  },
  'Progress of one Application.',
);

const status = open(
  {
    conditions: list(condition, 'Errors and progress.').optional(),
    applicationStatus: list(applicationStatus, 'Progress of each Application.').optional(),
    resources: list(resourceStatusSchema, 'Generated Applications.').optional(),
    resourcesCount: whole('Number of generated Applications.').optional(),
    health: healthSchema.optional(),
  },
  'What the controller observed; written by it alone.',
);
export type ApplicationSetStatus = z.infer<typeof status>;

/** An ApplicationSet (reference §11): generators, a template, and what the controller saw. */
export const applicationSetSchema = open(
  {
    apiVersion: z.literal('argoproj.io/v1alpha1'),
    kind: z.literal('ApplicationSet'),
    metadata: objectMetaSchema,
    spec,
    status: status.optional(),
  },
  'Generates Applications from a template.',
);
export type ApplicationSet = z.infer<typeof applicationSetSchema>;
