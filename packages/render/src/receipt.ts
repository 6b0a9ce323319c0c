import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './digest.ts';
import type { RenderReceipt, RenderRequest, VerifiedSources } from './types.ts';

/** What a receipt says, before it is signed. */
export type ReceiptFields = Omit<RenderReceipt, 'mac'>;

/** HMAC-SHA-256 over the fields, base64url. `sealKey` is the key of the sealed cache. */
export function receiptMac(sealKey: Buffer, fields: ReceiptFields): string {
  const { repoURL, revision, digest, tools, refs, verified } = fields;
  const text = `plumbline receipt 1\n${canonicalJson({ repoURL, revision, digest, tools, refs, verified })}`;
  return createHmac('sha256', sealKey).update(text).digest('base64url');
}

/**
 * What a request wants verified, for the receipt; undefined where it wants nothing. Charts have no signatures of this
 * kind, so nothing is said of them.
 */
export function verificationsOf(request: Pick<RenderRequest, 'verify' | 'refs'>): VerifiedSources | undefined {
  const refs = Object.entries(request.refs ?? {}).flatMap(([name, { verify }]) => (verify ? [[name, verify]] : []));
  if (!request.verify && refs.length === 0) return undefined;
  return {
    ...(request.verify ? { source: request.verify } : {}),
    ...(refs.length > 0 ? { refs: Object.fromEntries(refs) } : {}),
  };
}

/** Whether a receipt says that everything was verified that the request wants verified, and by the same rules. */
export function isVerifiedAs(receipt: RenderReceipt, request: Pick<RenderRequest, 'verify' | 'refs'>): boolean {
  return canonicalJson(receipt.verified ?? {}) === canonicalJson(verificationsOf(request) ?? {});
}

/** Whether the receipt was made under the key, unchanged. */
export function verifyReceipt(sealKey: Buffer, receipt: RenderReceipt): boolean {
  const expected = Buffer.from(receiptMac(sealKey, receipt));
  const given = Buffer.from(receipt.mac);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
