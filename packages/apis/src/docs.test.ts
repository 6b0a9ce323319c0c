import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StructuralSchema } from './generate/structural-schema.ts';
import { applicationApiVersion, customResourceDefinitions } from './index.ts';

function namesIn(schema: StructuralSchema, names: Set<string> = new Set()): Set<string> {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    names.add(name);
    namesIn(member, names);
  }
  if (schema.items) namesIn(schema.items, names);
  if (schema.additionalProperties) namesIn(schema.additionalProperties, names);
  return names;
}

const page = (name: string) => readFileSync(join(import.meta.dirname, `../docs/${name}.md`), 'utf8');
/** Described on the page of Application, to which the page of ApplicationSet refers. */
const application = page('application');

describe('the spec pages', () => {
  it.each(customResourceDefinitions())('name every field of $metadata.name', ({ spec }) => {
    const { singular } = spec.names;
    const text = page(singular) + (singular === 'applicationset' ? application : '');
    const words = new Set(text.match(/[A-Za-z]+/g));
    const names = namesIn(spec.versions[0]?.schema.openAPIV3Schema ?? {});
    expect([...names].filter((name) => !words.has(name))).toEqual([]);
    expect(text).toContain(applicationApiVersion);
  });
});
