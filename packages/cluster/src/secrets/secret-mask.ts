import { createHmac } from 'node:crypto';
import { maskSecret } from '@plumbline/manifests';
import type { SecretMask } from '../live-state/types.ts';

/** Lengths of values are told only as a class: up to 64 bytes, 256, 1,024 … */
function lengthClass(bytes: number): number {
  return bytes <= 64 ? 0 : Math.ceil(Math.log2(bytes / 64) / 2);
}

/**
 * A mask with a key: each value becomes `hmac:<HMAC-SHA256, base64url>:<length class>`, so that equal values stay
 * equal and none can be guessed without the key. An object that it has masked, or a copy with its data, stays as it is.
 */
export function createSecretMask(key: Buffer): SecretMask {
  const digest = (value: Uint8Array): string =>
    `hmac:${createHmac('sha256', key).update(value).digest('base64url')}:${lengthClass(value.byteLength)}`;
  const masked = new WeakSet<object>();
  return {
    mask(object) {
      const data = object['data'];
      // What is masked already comes back from caches and in copies: digests of digests would equal nothing.
      if (typeof data === 'object' && data !== null && masked.has(data)) return object;
      const result = maskSecret(object, digest);
      if (result !== object && result['data']) masked.add(result['data']);
      return result;
    },
  };
}
