import { z } from 'zod';
import type { Route } from '../routes.ts';
import { list, text } from '../wire/query.ts';
import { manifestsResponseSchema } from './managed-resource.ts';

/**
 * The pieces of a request that sends local files: first which Application they are for, then the archive (tar, gzipped) in
 * pieces of base64. `checksum` is its SHA-256 in hex. Several JSON values after each other, or an array of them.
 */
export const localFilesSchema = z
  .array(
    z.object({
      query: z
        .object({
          name: z.string().min(1),
          appNamespace: text.nullish(),
          project: z.union([list, z.null()]).optional(),
          checksum: z.string().max(128).nullish(),
        })
        .optional(),
      chunk: z.object({ chunk: z.string() }).optional(),
    }),
  )
  .min(1);

export const localFilesRoutes = {
  manifestsWithFiles: {
    method: 'POST',
    path: '/api/v1/applications/manifestsWithFiles',
    access: { own: 'localFiles' },
    body: localFilesSchema,
    manyValues: true,
    response: manifestsResponseSchema,
  },
} as const satisfies Record<string, Route>;
