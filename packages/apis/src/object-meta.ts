import { z } from 'zod';
import { freeObject, open, text, textMap, texts } from './fields.ts';

const ownerReference = open({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});

const managedFieldsEntry = open({
  manager: z.string().optional(),
  operation: z.enum(['Apply', 'Update']).optional(),
  apiVersion: z.string().optional(),
  time: z.string().optional(),
  fieldsType: z.string().optional(),
  fieldsV1: freeObject('Owned fields.').optional(),
  subresource: z.string().optional(),
});

/** Kubernetes ObjectMeta, as far as anything reads it. The API server checks it; the CRDs only say `object`. */
export const objectMetaSchema = open({
  name: z.string(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.int().optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(ownerReference).optional(),
  managedFields: z.array(managedFieldsEntry).optional(),
});
export type ObjectMeta = z.infer<typeof objectMetaSchema>;

/** A label selector of Kubernetes. */
export const labelSelectorSchema = open(
  {
    matchLabels: textMap('Labels that all must be equal.').optional(),
    matchExpressions: z
      .array(
        open({
          key: text('Label key.'),
          operator: text('In, NotIn, Exists or DoesNotExist.'),
          values: texts('Values for In and NotIn.').optional(),
        }),
      )
      .describe('Requirements that all must hold.')
      .optional(),
  },
  'A Kubernetes label selector.',
);
export type LabelSelector = z.infer<typeof labelSelectorSchema>;

/** A reference to a key of a Secret in the object's namespace. */
export const secretRefSchema = open(
  { secretName: text('Name of the Secret.'), key: text('Key in the Secret.') },
  'A key of a Secret.',
);

/** A reference to a key of a ConfigMap in the object's namespace. */
export const configMapKeyRefSchema = open(
  { configMapName: text('Name of the ConfigMap.'), key: text('Key in the ConfigMap.') },
  'A key of a ConfigMap.',
);
