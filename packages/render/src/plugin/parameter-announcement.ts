import { z } from 'zod';

/** YAML's null says nothing. */
const said = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);
const text = said(z.string());

/** A parameter that a plugin takes, in the form of Argo CD. Members that nobody knows are left out. */
export const parameterAnnouncementSchema = z.object({
  name: z.string(),
  title: text,
  tooltip: text,
  required: said(z.boolean()),
  itemType: text,
  /** `string`, which is what is meant where none is said, `array` or `map`. */
  collectionType: text,
  /** The default, in the member of the collection's type. */
  string: text,
  array: said(z.array(z.string())),
  map: said(z.record(z.string(), z.string())),
});

/** {@link parameterAnnouncementSchema} */
export type ParameterAnnouncement = z.output<typeof parameterAnnouncementSchema>;
