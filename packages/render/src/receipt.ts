import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './digest.ts';
import type { RenderReceipt } from './types.ts';

/** What a receipt says, before it is signed. */
export type ReceiptFields = Omit<RenderReceipt, 'mac'>;

/** HMAC-SHA-256 over the fields, base64url. `sealKey` is the key of the sealed cache. */
export function receiptMac(sealKey: Buffer, { repoURL, revision, digest, tools, refs }: ReceiptFields): string {
  const text = `plumbline receipt 1\n${canonicalJson({ repoURL, revision, digest, tools, refs })}`;
  return createHmac('sha256', sealKey).update(text).digest('base64url');
}

/** Whether the receipt was made under the key, unchanged. */
export function verifyReceipt(sealKey: Buffer, receipt: RenderReceipt): boolean {
  const expected = Buffer.from(receiptMac(sealKey, receipt));
  const given = Buffer.from(receipt.mac);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
