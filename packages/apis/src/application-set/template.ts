import type { z } from 'zod';
import { specSchema } from '../application/spec.ts';
import { anyValue, open, type Schema, text, textMap, texts } from '../fields.ts';

const templateMetadata = open(
  {
    name: text('Name of the Application.').optional(),
    namespace: text('Ignored: Applications live in the namespace of the set.').optional(),
    labels: textMap('Labels.').optional(),
    annotations: textMap('Annotations.').optional(),
    finalizers: texts('Finalizers.').optional(),
  },
  'Metadata of the generated Applications.',
);

/** The template of a set (reference §11.2). Strings may hold parameters. */
export const templateSchema = open(
  { metadata: templateMetadata, spec: specSchema },
  'Template of the generated Applications.',
);
export type ApplicationSetTemplate = z.infer<typeof templateSchema>;

/** A generator's template: any part of a template; what it says wins over the set's (reference §11.1). */
export type PartialTemplate = {
  metadata?: ApplicationSetTemplate['metadata'];
  spec?: Partial<ApplicationSetTemplate['spec']>;
};

/** The CRD keeps it whole and leaves the check of the merged Application to the controller. */
export const partialTemplateSchema = anyValue(
  'Parts of a template; they win over the template of the set.',
).optional() as unknown as z.ZodOptional<Schema<PartialTemplate>>;
