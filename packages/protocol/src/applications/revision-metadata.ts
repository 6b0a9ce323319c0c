import { z } from 'zod';
import { applicationQuerySchema } from './applications.ts';

/** A whole number; the empty text is "not given". */
const index = z.union([
  z.number().int().nonnegative(),
  z
    .string()
    .regex(/^\d{0,9}$/, 'expected a whole number')
    .transform((value) => (value === '' ? undefined : Number(value))),
]);

/** Which source the revision is of, where an Application has several: its index, or an entry of the history. */
export const revisionQuerySchema = z.object({
  ...applicationQuerySchema.shape,
  sourceIndex: index.optional(),
  versionId: index.optional(),
});

/** What the repository says of a commit. */
export const revisionMetadataSchema = z.object({
  /** `Name <mail>` */
  author: z.string(),
  /** When the author made it: RFC 3339, UTC. */
  date: z.string(),
  /** Tags of the repository that are at the commit. */
  tags: z.array(z.string()),
  message: z.string(),
});
export type RevisionMetadata = z.output<typeof revisionMetadataSchema>;

/** What a chart says of itself. */
export const chartDetailsSchema = z.object({
  description: z.string(),
  /** URL of its project. */
  home: z.string(),
  /** `Name <mail>` */
  maintainers: z.array(z.string()),
});
export type ChartDetails = z.output<typeof chartDetailsSchema>;

/** What the publisher of an artifact says of it; absent is what is not said. */
export const ociMetadataSchema = z.object({
  /** RFC 3339. */
  createdAt: z.string().optional(),
  authors: z.string().optional(),
  docsUrl: z.string().optional(),
  sourceUrl: z.string().optional(),
  version: z.string().optional(),
  description: z.string().optional(),
});
export type OciMetadata = z.output<typeof ociMetadataSchema>;
