import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crdFiles } from './crd-files.ts';
import { customResourceDefinitions } from './custom-resource-definition.ts';
import { type StructuralSchema, structuralSchema } from './structural-schema.ts';

const folder = join(import.meta.dirname, '../../../../deploy/crds');
/** What kubectl can keep in its last-applied annotation. */
const annotationLimit = 262_144;

function everyNode(schema: StructuralSchema, visit: (node: StructuralSchema) => void): void {
  visit(schema);
  for (const member of Object.values(schema.properties ?? {})) everyNode(member, visit);
  if (schema.items) everyNode(schema.items, visit);
  if (schema.additionalProperties) everyNode(schema.additionalProperties, visit);
}

describe('generated CRDs', () => {
  it.each(crdFiles())('deploy/crds/$name is up to date: else run `pnpm generate`', ({ name, text }) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });

  it.each(customResourceDefinitions())('$metadata.name can be applied with plain kubectl apply', (definition) => {
    expect(JSON.stringify(definition).length).toBeLessThan(annotationLimit);
  });

  it.each(customResourceDefinitions())('$metadata.name describes every field', (definition) => {
    const version = definition.spec.versions[0];
    const missing: StructuralSchema[] = [];
    everyNode(version?.schema.openAPIV3Schema ?? {}, (node) => {
      for (const [name, member] of Object.entries(node.properties ?? {})) {
        if (!member.description && !['apiVersion', 'kind', 'metadata'].includes(name)) missing.push(member);
      }
    });
    expect(missing).toEqual([]);
  });

  it('gives only ApplicationSet a status subresource, as Argo CD does', () => {
    const withStatus = customResourceDefinitions().filter(({ spec }) => spec.versions[0]?.subresources?.status);
    expect(withStatus.map(({ spec }) => spec.names.kind)).toEqual(['ApplicationSet']);
  });

  it('shows sync, health, revision and project of Applications', () => {
    const [application] = customResourceDefinitions();
    const columns = application?.spec.versions[0]?.additionalPrinterColumns ?? [];
    expect(columns.map(({ name, priority = 0 }) => [name, priority])).toEqual([
      ['Sync Status', 0],
      ['Health Status', 0],
      ['Revision', 10],
      ['Project', 10],
    ]);
  });
});

describe('structuralSchema', () => {
  const root = (member: object) => ({ type: 'object', properties: { spec: member }, required: ['kind', 'spec'] });

  it('keeps what both dialects know and leaves out the limits of JavaScript numbers', () => {
    const member = { type: 'integer', format: 'int64', description: 'n', minimum: -9, maximum: 9, default: 1 };
    expect(structuralSchema(root(member))).toEqual({
      type: 'object',
      properties: { spec: { type: 'integer', format: 'int64', description: 'n' }, metadata: { type: 'object' } },
      required: ['spec'],
    });
  });

  it.each([
    ['int-or-string', { anyOf: [{}], 'x-kubernetes-int-or-string': true }, { 'x-kubernetes-int-or-string': true }],
    [
      'a map',
      { type: 'object', additionalProperties: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
    [
      'a free object',
      { type: 'object', additionalProperties: {}, 'x-kubernetes-preserve-unknown-fields': true },
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ],
    ['any value', { 'x-kubernetes-preserve-unknown-fields': true }, { 'x-kubernetes-preserve-unknown-fields': true }],
    [
      'an open object',
      { type: 'object', properties: {}, additionalProperties: {} },
      { type: 'object', properties: {} },
    ],
  ])('writes %s as the API server wants it', (_, member, expected) => {
    expect(structuralSchema(root(member)).properties?.['spec']).toEqual(expected);
  });

  it('names the place of what has no structural form', () => {
    const member = { type: 'array', items: { anyOf: [{ type: 'string' }] } };
    expect(() => structuralSchema(root(member))).toThrow(
      '.spec[]: {"anyOf":[{"type":"string"}]} has no structural form',
    );
  });
});
