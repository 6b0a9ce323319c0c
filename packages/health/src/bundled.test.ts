import { readdirSync, readFileSync } from 'node:fs';
import { type KubeObject, parseYaml } from '@plumbline/manifests';
import { describe, expect, test } from 'vitest';
import { assessHealth } from './assess.ts';
import { bundledChecks } from './bundled.ts';
import type { HealthStatus } from './types.ts';

const folder = new URL('../testdata/kinds/', import.meta.url);

interface Fixture {
  case: string;
  expect: HealthStatus | null;
  object: KubeObject;
}

const files = readdirSync(folder).flatMap((group) =>
  readdirSync(new URL(group, folder)).map((file) => `${group}/${file}`),
);
const fixtures = files.flatMap((file) =>
  (parseYaml(readFileSync(new URL(file, folder), 'utf8'), { file }) as unknown as Fixture[]).map((fixture) => ({
    ...fixture,
    file,
  })),
);

// testdata/kinds/<group>/<kind>.yaml lists live objects with the verdict and message that they get.
describe('live objects of custom kinds', () => {
  test.each(fixtures)('$file: $case', ({ object, expect: expected }) => {
    expect(assessHealth(object) ?? null).toEqual(expected);
  });

  test('of every bundled kind are here, healthy and otherwise', () => {
    const seen = new Set(fixtures.map(({ object }) => `${object.apiVersion.split('/')[0]}/${object.kind}`));
    expect([...bundledChecks.keys()].filter((kind) => !seen.has(kind))).toEqual([]);
  });

  test('whose fields are of odd types are assessed, not thrown at', () => {
    for (const { object } of fixtures) {
      for (const odd of [7, 'x', [], [7], { conditions: 'x' }, { conditions: [null, 7, {}] }, { phase: {} }, null]) {
        const made = { ...object, spec: odd, status: odd } as unknown as KubeObject;
        expect(() => assessHealth(made)).not.toThrow();
      }
    }
  });
});
