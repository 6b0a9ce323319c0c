import { z } from 'zod';

/** A query parameter that is on or off: a boolean, or its text in a URL. The empty text is off. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1'),
]);

/** A query parameter that may be repeated. */
export const list = z.union([z.array(z.string()), z.string().transform((text) => [text])]);

/** A text of which the empty one means "not given", as clients that always send every parameter do it. */
export const text = z.string().transform((value) => value || undefined);
