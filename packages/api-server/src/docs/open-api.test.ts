import { type Route, routes } from '@plumbline/protocol';
import { describe, expect, it } from 'vitest';
import { openApi } from './open-api.ts';

const document = openApi('v1.2.3');
const text = JSON.stringify(document);

describe('the OpenAPI document', () => {
  it('has every route of the contract', () => {
    const paths = document['paths'] as Record<string, Record<string, { operationId: string }>>;
    for (const [name, { path, method }] of Object.entries<Route>(routes)) {
      expect(paths[path]?.[method.toLowerCase()]?.operationId).toBe(name);
    }
  });

  it('refers only to schemas that it has', () => {
    const { schemas } = document['components'] as { schemas: Record<string, unknown> };
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(schemas).toHaveProperty(name);
  });

  it('describes the fields of an Application and of its query', () => {
    expect(text).toContain('"targetRevision"');
    expect(text).toMatch(/"name":"selector","in":"query"/);
    expect(text.length).toBeLessThan(2_000_000);
  });
});
