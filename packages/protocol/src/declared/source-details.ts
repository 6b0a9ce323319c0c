import { sourceSchema } from '@plumbline/apis';
import { z } from 'zod';

/** `POST /repositories/{repo}/appdetails`: what a source can be told, of an Application that is there or is to be made. */
export const sourceDetailsRequestSchema = z.object({
  source: sourceSchema,
  appName: z.string().max(512).default(''),
  appProject: z.string().max(512).default(''),
  /** Sent by Argo CD's clients; the source itself says which one it is. */
  sourceIndex: z.number().int().optional(),
  versionId: z.number().int().optional(),
});
export type SourceDetailsQuestion = z.output<typeof sourceDetailsRequestSchema>;

const text = z.string().optional();

/** The member that the type names is there, the others are not. */
export const sourceDetailsSchema = z.object({
  type: z.enum(['Directory', 'Kustomize', 'Helm', 'Plugin']),
  directory: z.object({}).optional(),
  kustomize: z.object({ images: z.array(z.string()) }).optional(),
  helm: z
    .object({
      valueFiles: z.array(z.string()),
      /** The text of values.yaml. */
      values: z.string(),
      parameters: z.array(z.object({ name: z.string(), value: z.string() })),
      fileParameters: z.array(z.object({ name: z.string(), path: z.string() })),
    })
    .optional(),
  plugin: z
    .object({
      parametersAnnouncement: z.array(
        z.object({
          name: z.string(),
          title: text,
          tooltip: text,
          required: z.boolean().optional(),
          itemType: text,
          collectionType: text,
          string: text,
          array: z.array(z.string()).optional(),
          map: z.record(z.string(), z.string()).optional(),
        }),
      ),
    })
    .optional(),
});
export type SourceDetailsAnswer = z.output<typeof sourceDetailsSchema>;

export const sourceDetailsRoutes = {
  sourceDetails: {
    method: 'POST',
    path: '/api/v1/repositories/{repo}/appdetails',
    access: { own: 'sourceDetails' },
    body: sourceDetailsRequestSchema,
    response: sourceDetailsSchema,
  },
} as const;
