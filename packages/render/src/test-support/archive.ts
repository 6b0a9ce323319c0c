import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';

export type ArchiveMember = Partial<tar.Header> & { name: string; text?: string | Buffer };

/** A tar archive as its members are given, however bad they are. */
export async function archiveOf(members: readonly ArchiveMember[], { gzip = true } = {}): Promise<Buffer> {
  const pack = tar.pack();
  for (const { text = '', ...header } of members) pack.entry(header, text);
  pack.finalize();
  const plain = await buffer(pack);
  return gzip ? gzipSync(plain) : plain;
}
