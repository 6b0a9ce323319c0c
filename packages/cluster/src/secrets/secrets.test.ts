import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { createSecretMask } from './secret-mask.ts';
import { scrubSecretError } from './secret-scrub.ts';

const secret = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const masked = (key: string, data: Record<string, string>) =>
  createSecretMask(Buffer.from(key)).mask(secret(data))['data'] as Record<string, string>;

describe('the mask of Secrets', () => {
  it('keeps equal values equal and others apart', () => {
    const { a, b, c } = masked('key', { a: 'same', b: 'same', c: 'else' });
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  it('leaves alone what it has masked already, and copies of it', () => {
    const mask = createSecretMask(Buffer.from('key'));
    const once = mask.mask(secret({ a: 'same' }));
    const copy = { ...once, metadata: { name: 's', resourceVersion: '2' } };
    expect(mask.mask(once)).toBe(once);
    expect(mask.mask(copy)['data']).toEqual(once['data']);
  });

  it('depends on the key', () => {
    expect(masked('one', { a: 'same' })['a']).not.toBe(masked('two', { a: 'same' })['a']);
  });

  it.each([
    [0, '0'],
    [64, '0'],
    [65, '1'],
    [256, '1'],
    [257, '2'],
    [5000, '4'],
  ])('tells of a length of %i only the class %s', (length, expected) => {
    expect(masked('key', { a: 'x'.repeat(length) })['a']).toMatch(new RegExp(`^hmac:[\\w-]{43}:${expected}$`));
  });

  it('leaves other kinds alone', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data: { a: 'b' } };
    expect(createSecretMask(Buffer.from('key')).mask(object)).toBe(object);
  });
});

describe('errors about a Secret', () => {
  it.each([
    ['clear', { stringData: { a: 'correct-horse' } }, 'bad value "correct-horse"'],
    ['encoded', { data: { a: 'Y29ycmVjdC1ob3JzZQ==' } }, 'bad value Y29ycmVjdC1ob3JzZQ=='],
    ['decoded', { data: { a: 'Y29ycmVjdC1ob3JzZQ==' } }, 'bad value correct-horse'],
    ['a number', { stringData: { a: 1_234_567 } }, 'bad value 1234567'],
  ])('do not quote a value: %s', (_what, body, message) => {
    const error = new PlumblineError('KUBE_INVALID', message, { details: { status: 422 } });
    const found = scrubSecretError(error, body);
    expect(found).toMatchObject({ code: 'KUBE_INVALID', details: { status: 422 } });
    expect(String(found)).toMatch(/bad value "?\*\*\*/);
  });

  it.each([
    ['nested in it', { data: { a: { b: ['correct-horse'] } } }, 'expected string, got map[b:[correct-horse]]'],
    ['of a member that Secrets do not have', { stringdata: { a: 'correct-horse' } }, 'unknown correct-horse'],
    ['that is stored', { data: { b: '!' } }, 'invalid: "{\\"data\\":{\\"a\\":\\"Y29ycmVjdC1ob3JzZQ==\\"}}": bad'],
  ])('do not quote a value %s', (_what, body, message) => {
    const text = String(scrubSecretError(new PlumblineError('KUBE_INVALID', message), body));
    expect(text).toContain('***');
    expect(text).not.toMatch(/correct-horse|Y29ycmVjdC/);
  });
});
