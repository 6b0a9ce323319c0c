import { annotations } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { hideDigests } from './hide-digests.ts';
import type { KubeObject } from './types.ts';

const secret = (data: Record<string, string>, lastApplied?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 's',
    ...(lastApplied ? { annotations: { [annotations.lastApplied]: lastApplied, other: 'x' } } : {}),
  },
  data,
});
const run = (length: number) => '+'.repeat(length);

it('gives each distinct value a longer run, and equal ones equal runs over all objects', () => {
  const [target, live] = hideDigests([secret({ a: 'one', b: 'two', c: 'one' }), secret({ a: 'three', b: 'two' })]);
  expect(target?.['data']).toEqual({ a: run(8), b: run(12), c: run(8) });
  expect(live?.['data']).toEqual({ a: run(16), b: run(12) });
});

it('hides what was applied last, and nothing else of the metadata', () => {
  const [shown] = hideDigests([secret({}, 'digest')]);
  expect(shown?.metadata.annotations).toEqual({ [annotations.lastApplied]: run(8), other: 'x' });
});

it('hides the annotations that are called sensitive, of Secrets only', () => {
  const object = secret({});
  const given = { ...object, metadata: { name: 's', annotations: { token: 'hush', plain: 'x' } } };
  const other = { ...given, kind: 'ConfigMap' };
  const [shown, untouched] = hideDigests([given, other], { annotations: ['token', 'absent'] });
  expect(shown?.metadata.annotations).toEqual({ token: run(8), plain: 'x' });
  expect(untouched).toBe(other);
});

it('keeps the places of what is not there, and changes nothing that it was given', () => {
  const given = secret({ a: 'one' });
  expect(hideDigests([undefined, given])[0]).toBeUndefined();
  expect(given['data']).toEqual({ a: 'one' });
});

it('makes no data where there is none', () => {
  const { data: _data, ...bare } = secret({});
  expect(hideDigests([bare as KubeObject])[0]).not.toHaveProperty('data');
});
