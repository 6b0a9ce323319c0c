import { describe, expect, it } from 'vitest';
import { mac, seal, sealKeyFrom, unseal, verifyMac } from './seal.ts';

const key = sealKeyFrom('server secret');

describe('a seal', () => {
  it('opens with its key and name', () => {
    for (const value of [Buffer.alloc(0), Buffer.from('ä'), Buffer.alloc(1_000_000, 'x')]) {
      expect(unseal(key, 'name', seal(key, 'name', value))).toEqual(value);
    }
  });

  it('never looks the same twice', () => {
    expect(seal(key, 'name', Buffer.from('x'))).not.toEqual(seal(key, 'name', Buffer.from('x')));
  });

  it.each([
    ['another key', (sealed: Buffer) => unseal(sealKeyFrom('other'), 'name', sealed)],
    ['another name', (sealed: Buffer) => unseal(key, 'name2', sealed)],
    ['a piece of it', (sealed: Buffer) => unseal(key, 'name', sealed.subarray(0, -1))],
    ['too few bytes', (sealed: Buffer) => unseal(key, 'name', sealed.subarray(0, 10))],
    ['nothing', () => unseal(key, 'name', Buffer.alloc(0))],
  ])('does not open with %s', (_what, attempt) => {
    expect(attempt(seal(key, 'name', Buffer.from('x')))).toBeUndefined();
  });

  it('does not open after any byte of it was changed', () => {
    const sealed = seal(key, 'name', Buffer.from('x'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at);
      expect(unseal(key, 'name', changed)).toBeUndefined();
    }
  });
});

describe('a MAC', () => {
  it('is verified for its text and key only', () => {
    const code = mac(key, 'text');
    expect(code).toMatch(/^[0-9a-f]{64}$/);
    expect(verifyMac(key, 'text', code)).toBe(true);
    expect(verifyMac(key, 'text2', code)).toBe(false);
    expect(verifyMac(sealKeyFrom('other'), 'text', code)).toBe(false);
    expect(verifyMac(key, 'text', code.slice(1))).toBe(false);
    expect(verifyMac(key, 'text', '')).toBe(false);
  });
});

it('the key has 32 bytes and depends on the secret', () => {
  expect(key).toHaveLength(32);
  expect(sealKeyFrom('server secret')).toEqual(key);
  expect(sealKeyFrom('')).not.toEqual(key);
});
