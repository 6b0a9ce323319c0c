import { expect, it } from 'vitest';
import { receiptMac, verifyReceipt } from './receipt.ts';

const key = Buffer.alloc(32, 1);
const fields = {
  repoURL: 'https://git.example/x',
  revision: 'a'.repeat(40),
  digest: 'd',
  tools: { helm: 'v3', kustomize: 'v5' },
};
const receipt = { ...fields, mac: receiptMac(key, fields) };

it('holds for the same fields in any order, under the same key', () => {
  expect(verifyReceipt(key, { ...receipt, tools: { kustomize: 'v5', helm: 'v3' } })).toBe(true);
  expect(verifyReceipt(Buffer.alloc(32, 2), receipt)).toBe(false);
});

it.each(['repoURL', 'revision', 'digest', 'mac'] as const)('breaks when %s changes', (field) => {
  expect(verifyReceipt(key, { ...receipt, [field]: 'other' })).toBe(false);
});
