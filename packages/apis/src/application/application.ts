import { z } from 'zod';
import { open } from '../fields.ts';
import { objectMetaSchema } from '../object-meta.ts';
import { operationSchema } from './operation.ts';
import { specSchema } from './spec.ts';
import { statusSchema } from './status.ts';

/** An Application (reference §1): source, destination, policy, and what the controller saw. */
export const applicationSchema = open(
  {
    apiVersion: z.literal('argoproj.io/v1alpha1'),
    kind: z.literal('Application'),
    metadata: objectMetaSchema,
    spec: specSchema,
    operation: operationSchema.optional(),
    status: statusSchema.optional(),
  },
  'Keeps what runs in a cluster equal to manifests in a repository.',
);
export type Application = z.infer<typeof applicationSchema>;
