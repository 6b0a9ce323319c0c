import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const format = 1;
const ivLength = 12;
const tagLength = 16;
const headerLength = 1 + ivLength + tagLength;

function derive(key: string | Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, 32));
}

/** The key of the seal from `server.secretkey` of `argocd-secret`: 32 bytes, HKDF-SHA256. */
export function sealKeyFrom(serverSecretKey: string): Buffer {
  return derive(serverSecretKey, 'plumbline.dev/seal');
}

/** HMAC-SHA256 of a text in hex, under a key derived from that of the seal. */
export function mac(sealKey: Buffer, text: string): string {
  return createHmac('sha256', derive(sealKey, 'plumbline.dev/mac')).update(text).digest('hex');
}

/** Whether a {@link mac} is of the text; takes the same time wherever it differs. */
export function verifyMac(sealKey: Buffer, text: string, candidate: string): boolean {
  const expected = Buffer.from(mac(sealKey, text));
  const given = Buffer.from(candidate);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Compresses (zstd 1: the smallest and the fastest of gzip, brotli and zstd on manifests) and encrypts with AES-256-GCM.
 * `name` is authenticated with it: sealed bytes open under that name only.
 */
export function seal(key: Buffer, name: string, value: Buffer): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  const packed = zstdCompressSync(value, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  const sealed = Buffer.concat([cipher.update(packed), cipher.final()]);
  return Buffer.concat([Buffer.from([format]), iv, cipher.getAuthTag(), sealed]);
}

/** The inverse of {@link seal}; undefined where the bytes do not open under this key and name. */
export function unseal(key: Buffer, name: string, sealed: Buffer): Buffer | undefined {
  if (sealed.length < headerLength || sealed[0] !== format) return undefined;
  try {
    const iv = sealed.subarray(1, 1 + ivLength);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
      .setAAD(Buffer.from(name))
      .setAuthTag(sealed.subarray(1 + ivLength, headerLength));
    return zstdDecompressSync(Buffer.concat([decipher.update(sealed.subarray(headerLength)), decipher.final()]));
  } catch {
    return undefined;
  }
}
