import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { applicationSchema, applicationSetSchema, appProjectSchema } from './index.ts';

const testdata = join(import.meta.dirname, '../testdata');
const fixtures = ['seeds', 'full'].flatMap((folder) =>
  readdirSync(join(testdata, folder)).map((file) => `${folder}/${file}`),
);
const schemas: Record<string, { parse(value: unknown): unknown }> = {
  Application: applicationSchema,
  AppProject: appProjectSchema,
  ApplicationSet: applicationSetSchema,
};

function fixture(file: string): Record<string, unknown> {
  return load(readFileSync(join(testdata, file), 'utf8')) as Record<string, unknown>;
}

const minimal = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'a' },
  spec: { project: 'default', destination: { name: 'in-cluster' }, source: { repoURL: 'r', path: 'p' } },
};

describe('schemas', () => {
  it.each(fixtures)('take %s and keep all of it', (file) => {
    const object = fixture(file);
    expect(schemas[String(object['kind'])]?.parse(object)).toEqual(object);
  });

  it('keep members that they do not know, on every level', () => {
    const object = {
      ...minimal,
      more: 1,
      spec: { ...minimal.spec, more: { a: [null] }, info: [{ name: 'a', value: 'b', more: 2 }] },
    };
    expect(applicationSchema.parse(object)).toEqual(object);
  });

  it('read null as absent', () => {
    const object = { ...minimal, operation: null, spec: { ...minimal.spec, syncPolicy: null, info: null } };
    expect(applicationSchema.parse(object)).toEqual(minimal);
  });

  it('keep null inside values of the user', () => {
    const source = { repoURL: 'r', helm: { valuesObject: { a: null, b: { c: null } } } };
    const parsed = applicationSchema.parse({ ...minimal, spec: { ...minimal.spec, source } });
    expect(parsed.spec.source?.helm?.valuesObject).toEqual({ a: null, b: { c: null } });
  });

  it('read a status word that nobody knows as unknown', () => {
    const status = { health: { status: 'Great' }, sync: { status: 'Sunk' } };
    const parsed = applicationSchema.parse({ ...minimal, status });
    expect(parsed.status).toEqual({ health: { status: 'Unknown' }, sync: { status: 'Unknown' } });
  });

  it.each([
    ['no spec', { ...minimal, spec: undefined }, ['spec']],
    ['no destination', { ...minimal, spec: { ...minimal.spec, destination: undefined } }, ['spec', 'destination']],
    ['a source without URL', { ...minimal, spec: { ...minimal.spec, source: {} } }, ['spec', 'source', 'repoURL']],
    ['another kind', { ...minimal, kind: 'App' }, ['kind']],
    [
      'text for a number',
      { ...minimal, spec: { ...minimal.spec, revisionHistoryLimit: 'x' } },
      ['spec', 'revisionHistoryLimit'],
    ],
  ])('refuse %s and name the place', (_, object, path) => {
    const result = applicationSchema.safeParse(object);
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  it('tell an AppProject without namespaced whitelist from one with an empty one', () => {
    const project = (spec: object) =>
      appProjectSchema.parse({ ...minimal, kind: 'AppProject', spec }).spec.namespaceResourceWhitelist;
    expect(project({})).toBeUndefined();
    expect(project({ namespaceResourceWhitelist: null })).toBeUndefined();
    expect(project({ namespaceResourceWhitelist: [] })).toEqual([]);
  });
});
