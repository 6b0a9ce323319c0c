import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { mergePatch, patched } from './patch.ts';

const app = application({ name: 'a', repoURL: 'https://git/x', destinationNamespace: 'n', labels: { keep: 'me' } });

describe('patched', () => {
  it('applies a merge patch: null removes', () => {
    const next = patched(app, { patch: '{"metadata":{"labels":{"keep":null,"new":"one"}}}', patchType: 'merge' });
    expect(next.metadata.labels).toEqual({ new: 'one' });
    expect(next.spec).toEqual(app.spec);
  });

  it('applies a JSON patch and leaves the original alone', () => {
    const patch = '[{"op":"replace","path":"/spec/source/targetRevision","value":"v2"}]';
    expect(patched(app, { patch, patchType: 'json' }).spec.source?.targetRevision).toBe('v2');
    expect(app.spec.source?.targetRevision).toBe('HEAD');
  });

  it('keeps whole numbers of 64 bits', () => {
    const patch = '{"spec":{"source":{"helm":{"valuesObject":{"id":9007199254740993}}}}}';
    expect(patched(app, { patch, patchType: 'merge' }).spec.source?.helm?.valuesObject).toEqual({
      id: 9007199254740993n,
    });
  });

  it.each([
    ['no JSON', '{', 'merge'],
    ['a path that is not there', '[{"op":"remove","path":"/spec/nope/x"}]', 'json'],
    ['an unknown operation', '[{"op":"explode","path":"/spec"}]', 'json'],
    ['an object in place of a list', '{"op":"remove","path":"/spec"}', 'json'],
    ['a spec of the wrong type', '{"spec":5}', 'merge'],
    ['another name', '{"metadata":{"name":"b"}}', 'merge'],
  ] as const)('refuses %s', (_, patch, patchType) => {
    expect(() => patched(app, { patch, patchType })).toThrow();
  });
});

describe('mergePatch', () => {
  it('does not reach the prototype', () => {
    mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
