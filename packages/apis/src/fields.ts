import { z } from 'zod';

/**
 * Building blocks of the schemas. Descriptions end up in the CRDs. Every object is open: unknown members survive
 * parsing, but are not part of the TypeScript type, so that a misspelt member is a compile error.
 */

/** The static type of an object shape: exactly its members, although parsing keeps the others too. */
type Members<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape, z.core.$strip>>;

/** A schema whose input is anything and whose output is `T`. */
export type Schema<T> = z.ZodType<T>;

/** Go's JSON takes `null` for "not there"; so do we. Only whole members are dropped, never items of a list. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!Object.values(value).includes(null)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** An object that keeps unknown members and reads `null` members as absent. */
export function open<Shape extends z.ZodRawShape>(shape: Shape, description?: string): Schema<Members<Shape>> {
  const schema = z.preprocess(withoutNulls, z.looseObject(shape));
  const described = description === undefined ? schema : schema.describe(description);
  return described as unknown as Schema<Members<Shape>>;
}

export function text(description: string): z.ZodString {
  return z.string().describe(description);
}

export function flag(description: string): z.ZodBoolean {
  return z.boolean().describe(description);
}

/** A whole number, 64 bit in the CRD. */
export function whole(description: string): z.ZodInt {
  return z.int().describe(description).meta({ format: 'int64' });
}

/** RFC 3339. Checked by the API server, not here. */
export function time(description: string): z.ZodString {
  return z.string().meta({ format: 'date-time', description });
}

export function list<Item extends z.ZodType>(item: Item, description: string): z.ZodArray<Item> {
  return z.array(item).describe(description);
}

export function texts(description: string): z.ZodArray<z.ZodString> {
  return z.array(z.string()).describe(description);
}

/** string → string. */
export function textMap(description: string): z.ZodRecord<z.ZodString, z.ZodString> {
  return z.record(z.string(), z.string()).describe(description);
}

/** An object of any shape; the CRD keeps all of it. */
export function freeObject(description: string): z.ZodRecord<z.ZodString, z.ZodUnknown> {
  return z.record(z.string(), z.unknown()).meta({ description, 'x-kubernetes-preserve-unknown-fields': true });
}

/** Any JSON value; the CRD keeps all of it. */
export function anyValue(description: string): z.ZodUnknown {
  return z.unknown().meta({ description, 'x-kubernetes-preserve-unknown-fields': true });
}

/** A whole number or a string such as `25%`. */
export function intOrText(description: string): z.ZodUnion<readonly [z.ZodInt, z.ZodString]> {
  return z.union([z.int(), z.string()]).meta({ description, 'x-kubernetes-int-or-string': true });
}

/**
 * A status word. In the type it is one of `values`; the CRD takes any string as Argo CD's does, and a word that is
 * not known is read as `unknown`, because a strange status must not make the object unreadable.
 */
export function word<const Values extends readonly [string, ...string[]]>(
  values: Values,
  options: { unknown: Values[number]; description: string },
): Schema<Values[number]> {
  return z
    .string()
    .describe(`${options.description} One of ${values.join(', ')}.`)
    .transform((value): Values[number] => values.find((known) => known === value) ?? options.unknown);
}
