import { describe, expect, it } from 'vitest';
import { type MergeSchema, plainSchema } from './merge-schema.ts';
import { threeWayPatch } from './three-way-patch.ts';

/** Containers are merged by name, finalizers as values, volumes by name with retained keys; all else is atomic. */
const lists: Record<string, { mergeKey: string; retainKeys?: boolean }> = {
  containers: { mergeKey: 'name' },
  finalizers: { mergeKey: '' },
  volumes: { mergeKey: 'name', retainKeys: true },
};
const schema: MergeSchema = {
  mergeKey: undefined,
  retainKeys: false,
  member: (name) => ({
    ...schema,
    mergeKey: lists[name]?.mergeKey,
    retainKeys: name === 'strategy',
    entry: () => ({ ...schema, retainKeys: lists[name]?.retainKeys ?? false }),
  }),
  entry: () => schema,
};

const patch = (original: unknown, modified: unknown, current: unknown, by = schema) =>
  threeWayPatch({ original, modified, current }, by);

describe('the patch of a client-side apply', () => {
  it.each<[string, unknown, unknown, unknown, unknown]>([
    ['changes what differs', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 1 }, { a: 2 }],
    ['takes away what was applied and is not any more', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1 }, { b: null }],
    ['keeps what others added', { a: 1 }, { a: 1 }, { a: 1, theirs: 1 }, undefined],
    ['puts back what others changed', { a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }],
    ['does not take away what is gone', { a: 1, b: 1 }, { a: 1 }, { a: 1 }, undefined],
    ['takes an explicit null for absent', {}, { a: null }, { a: 1 }, { a: null }],
    ['sends no null for what is absent', {}, { a: null }, {}, undefined],
    ['goes into maps', {}, { m: { a: 1 } }, { m: { b: 2 } }, { m: { a: 1 } }],
    ['replaces atomic lists', {}, { args: ['x'] }, { args: ['y'] }, { args: ['x'] }],
  ])('%s', (_case, original, modified, current, expected) => {
    expect(patch(original, modified, current)).toEqual(expected);
  });

  it('merges the entries of a list by their key', () => {
    const original = {
      containers: [
        { name: 'a', image: '1' },
        { name: 'old', image: '1' },
      ],
    };
    const modified = {
      containers: [
        { name: 'new', image: '1' },
        { name: 'a', image: '2' },
      ],
    };
    const current = {
      containers: [
        { name: 'a', image: '1', tty: true },
        { name: 'old', image: '1' },
        { name: 'sidecar', image: '1' },
      ],
    };
    expect(patch(original, modified, current)).toEqual({
      containers: [
        { name: 'new', image: '1' },
        { name: 'a', image: '2' },
        { $patch: 'delete', name: 'old' },
      ],
      '$setElementOrder/containers': [{ name: 'new' }, { name: 'a' }],
    });
  });

  it('sends nothing for entries that are as wanted, and only the order where that alone differs', () => {
    const list = (...names: string[]) => ({ containers: names.map((name) => ({ name })) });
    expect(patch(list('a', 'b'), list('a', 'b'), list('a', 'sidecar', 'b'))).toBeUndefined();
    expect(patch(list('a', 'b'), list('b', 'a'), list('a', 'b'))).toEqual({
      containers: [],
      '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
    });
  });

  it('replaces a list whose entries the key does not tell apart', () => {
    const modified = {
      containers: [
        { name: 'a', v: 1 },
        { name: 'a', v: 2 },
      ],
    };
    expect(patch({}, modified, { containers: [{ name: 'a', v: 1 }] })).toEqual({
      containers: [...modified.containers, { $patch: 'replace' }],
    });
  });

  it('adds to and takes from sets of values', () => {
    const of = (...finalizers: string[]) => ({ finalizers });
    expect(patch(of('a', 'b'), of('b', 'c'), of('a', 'b', 'theirs'))).toEqual({
      finalizers: ['c'],
      '$deleteFromPrimitiveList/finalizers': ['a'],
    });
  });

  it('names the members to keep where a map is a choice of one of several', () => {
    expect(patch({}, { strategy: { type: 'Recreate' } }, { strategy: { type: 'Rolling', rolling: {} } })).toEqual({
      strategy: { type: 'Recreate', $retainKeys: ['type'] },
    });
    const volume = (kind: string) => ({ volumes: [{ name: 'v', [kind]: {} }] });
    expect(patch({}, volume('secret'), volume('emptyDir'))).toMatchObject({
      volumes: [{ name: 'v', secret: {}, $retainKeys: ['name', 'secret'] }],
    });
  });

  it('replaces lists where nothing is known of the kind', () => {
    const list = (...names: string[]) => ({ containers: names.map((name) => ({ name })) });
    expect(patch(list('a'), list('b'), list('a', 'c'), plainSchema)).toEqual(list('b'));
  });
});
