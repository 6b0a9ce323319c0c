import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeObject, parseYaml } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { explain } from './explain-writer.ts';
import { fieldDifferences } from './field-differences.ts';
import { ownedFields, shapeOf } from './field-set.ts';
import { formatPointer, without, withValue } from './json-pointer.ts';
import { normalize } from './normalize.ts';

function fixture(name: string): KubeObject {
  const file = join(import.meta.dirname, '../testdata', name);
  return parseYaml(readFileSync(file, 'utf8'), { file }) as unknown as KubeObject;
}

const live = fixture('deployment-live.yaml');
const target = fixture('deployment-target.yaml');
const main = ['spec', 'template', 'spec', 'containers', '0'];

const setsOf = (object: KubeObject) => ({ owned: ownedFields(object, 'argocd-controller'), shape: shapeOf(object) });

function paths(changed: KubeObject, changedLive: KubeObject = live): string[] {
  return fieldDifferences(normalize(changed), normalize(changedLive), setsOf(changedLive)).map(({ path }) =>
    formatPointer(path),
  );
}

it('sees no difference in defaults, in a sidecar, in labels and replicas of others', () => {
  expect(paths(target)).toEqual([]);
});

it.each([
  [
    'a changed scalar',
    withValue(target, [...main, 'image'], 'example/web:2'),
    ['/spec/template/spec/containers/1/image'],
  ],
  ['a changed atomic list', withValue(target, [...main, 'args'], ['--a']), ['/spec/template/spec/containers/1/args']],
  ['a field that is new in the target', withValue(target, ['spec', 'paused'], true), ['/spec/paused']],
  [
    'a field that left the target and is ours',
    without(target, [...main, 'args']),
    ['/spec/template/spec/containers/1/args'],
  ],
  ['a label that left the target', without(target, ['metadata', 'labels', 'app']), ['/metadata/labels/app']],
  ['a field that another manager took over', withValue(target, ['spec', 'replicas'], 1), ['/spec/replicas']],
  [
    'an entry that left a keyed list',
    withValue(target, [...main, 'ports'], []),
    ['/spec/template/spec/containers/1/ports/0'],
  ],
  [
    'a new entry of a keyed list',
    withValue(target, [...main, 'ports'], [{ containerPort: 8080 }, { containerPort: 9090 }]),
    ['/spec/template/spec/containers/1/ports/[containerPort=9090,protocol=]'],
  ],
  ['nothing where the target says null and live has nothing', withValue(target, ['spec', 'strategy'], null), []],
])('finds %s', (_case, changed, expected) => {
  expect(paths(changed)).toEqual(expected);
});

it('finds a removed field of ours in the live object', () => {
  expect(paths(target, without(live, ['spec', 'template', 'spec', 'containers', '1', 'args']))).toEqual([
    '/spec/template/spec/containers/1/args',
  ]);
});

it('names who last wrote the field, and when', () => {
  const [found] = fieldDifferences(withValue(target, ['spec', 'replicas'], 1), live, setsOf(live));
  expect(found && explain(live, found)).toEqual({
    path: '/spec/replicas',
    target: 1,
    live: 5,
    manager: 'somebody',
    time: '2026-01-03T00:00:00Z',
  });
});
