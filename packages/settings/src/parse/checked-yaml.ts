import { parseYaml } from '@plumbline/manifests';
import type { z } from 'zod';
import { invalid } from './values.ts';

/** The YAML of a value, by a schema. Throws what does not fit, with its path. */
export function checkedYaml<T>(schema: z.ZodType<T>, text: string): T {
  const result = schema.safeParse(parseYaml(text, { file: 'value' }));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`${issue?.path.join('.') || 'value'}: ${issue?.message}`);
}
