import { describe, expect, it } from 'vitest';
import { isSecret, maskSecret, normalizeSecret } from './secrets.ts';
import type { KubeObject } from './types.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const digest = (value: Uint8Array) => `<${Buffer.from(value).toString('hex')}>`;
const hidden = (text: string) => digest(Buffer.from(text));

function secret(fields: Record<string, unknown>, annotations?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', ...(annotations ? { annotations } : {}) },
    ...fields,
  };
}

it('only Secrets of the core group are Secrets', () => {
  expect(isSecret(secret({}))).toBe(true);
  expect(isSecret({ apiVersion: 'example.com/v1', kind: 'Secret' })).toBe(false);
});

describe('the normal form of a Secret', () => {
  it.each([
    [
      'stringData is folded into data and wins',
      { data: { a: 'eA==' }, stringData: { a: 'y', b: 'z' } },
      { a: 'eQ==', b: 'eg==' },
    ],
    ['null values are empty', { data: { a: null }, stringData: { b: null } }, { a: '', b: '' }],
    ['no values give no data', { stringData: {} }, undefined],
  ])('%s', (_what, fields, data) => {
    const normal = normalizeSecret(secret(fields));
    expect(normal.data).toEqual(data);
    expect(normal).not.toHaveProperty('stringData');
  });

  it('is the Secret itself where nothing is to be done, as is any other object', () => {
    const plain = secret({ data: { a: 'eA==' } });
    const other: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, stringData: { a: 'b' } };
    expect(normalizeSecret(plain)).toBe(plain);
    expect(normalizeSecret(other)).toBe(other);
  });
});

describe('a masked Secret', () => {
  it.each([
    [{ stringData: { a: 5, b: 'x' } }, { data: { b: hidden('x') }, stringData: { a: 0 } }],
    [{ stringData: { a: { deep: 'hunter2' }, b: ['hunter2'], c: true } }, { stringData: { a: {}, b: [], c: false } }],
    [{ stringData: ['hunter2'] }, { stringData: [] }],
    [{ stringData: 'hunter2' }, { stringData: '' }],
    [{ data: { a: 5 } }, { data: { a: 0 } }],
    [{ data: ['hunter2'] }, { data: [] }],
  ])('leaves wrong types for the server to refuse, without what they hold: %j', (fields, expected) => {
    const masked = maskSecret(secret(fields), digest);
    expect({ data: masked['data'], stringData: masked['stringData'] }).toEqual({ ...expected });
    expect(JSON.stringify(masked)).not.toContain('hunter2');
    expect(maskSecret({ ...masked, data: undefined } as KubeObject, digest)['stringData']).toEqual(
      masked['stringData'],
    );
  });

  it('has digests of the bytes, alike for data and stringData', () => {
    const masked = maskSecret(
      secret({ data: { a: base64('x') }, stringData: { b: 'x', c: 'y' }, type: 'Opaque' }),
      digest,
    );
    expect(masked.data).toEqual({ a: hidden('x'), b: hidden('x'), c: hidden('y') });
    expect(masked).not.toHaveProperty('stringData');
    expect(masked.type).toBe('Opaque');
  });

  it('takes null for empty', () => {
    expect(maskSecret(secret({ data: { a: null, b: '' } }), digest).data).toEqual({ a: hidden(''), b: hidden('') });
  });

  it.each([
    ['no base64', { data: { a: 'hunter2 !' } }],
    ['a number', { data: { a: 8080 }, stringData: { b: 8080 } }],
    ['a text for all data', { data: 'hunter2' }],
    ['a text for all stringData', { data: {}, stringData: 'hunter2' }],
    ['a member that Secrets do not have', { stringdata: { a: 'hunter2' } }],
  ])('shows nothing of malformed values: %s', (_what, fields) => {
    const text = JSON.stringify(maskSecret(secret(fields), digest));
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('8080');
  });

  it('hides the last applied configuration and leaves the input as it was', () => {
    const input = secret({ data: { a: base64('x') } }, { [lastApplied]: '{"data":{"a":"eA=="}}', note: '1' });
    const before = structuredClone(input);
    const masked = maskSecret(input, digest);
    expect(masked.metadata.annotations).toEqual({ [lastApplied]: hidden('{"data":{"a":"eA=="}}'), note: '1' });
    expect(input).toEqual(before);
  });

  it('is any other object itself', () => {
    const other: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data: { a: 'b' } };
    expect(maskSecret(other, digest)).toBe(other);
  });
});
