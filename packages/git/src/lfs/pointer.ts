/** What a file under LFS is in Git: the digest and size of its content. */
export interface LfsPointer {
  /** SHA-256 of the content, 64 hex digits. */
  digest: string;
  /** Bytes. */
  size: number;
}

/** A pointer is shorter than this (bytes), by the specification. */
export const pointerLimit = 1024;

const pattern =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n(?:ext-[^\n]+\n)*oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n?$/;

/** The pointer that a blob is; undefined for everything else. */
export function parsePointer(content: Uint8Array): LfsPointer | undefined {
  if (content.length >= pointerLimit || content[0] !== 0x76) return undefined;
  const [, digest, size] = pattern.exec(Buffer.from(content).toString('utf8')) ?? [];
  return digest === undefined ? undefined : { digest, size: Number(size) };
}
