import { createHash } from 'node:crypto';
import { apiFailure } from '../http/api-failure.ts';
import type { Call, Mount } from '../http/mount.ts';
import type { Inspector } from './inspect.ts';
import { type ApplicationParts, findApplication } from './lookup.ts';

type Pieces = Call<'manifestsWithFiles'>['body'];

/** The archive that the pieces make, checked. Throws `InvalidArgument`. */
export function archiveOf(pieces: Pieces): { archive: Buffer; checksum: string } {
  const archive = Buffer.concat(pieces.flatMap(({ chunk }) => (chunk ? [Buffer.from(chunk.chunk, 'base64')] : [])));
  if (archive.length === 0) throw apiFailure('InvalidArgument', 'chunk: no files were sent');
  const checksum = createHash('sha256').update(archive).digest('hex');
  const said = pieces[0]?.query?.checksum;
  if (said && said.toLowerCase() !== checksum) {
    throw apiFailure('InvalidArgument', `checksum: the files have the SHA-256 ${checksum}, not ${said}`);
  }
  return { archive, checksum };
}

/** Renders files of a caller as the first source of an Application (reference §8.2). Nothing of them is stored. */
export function mountLocalFiles(mount: Mount, parts: ApplicationParts & { inspector: Inspector }): void {
  mount.call('manifestsWithFiles', async ({ body, rights, signal }) => {
    const query = body[0]?.query;
    if (!query) throw apiFailure('InvalidArgument', 'query: the first piece says which Application the files are for');
    const { name, appNamespace, project } = query;
    const asked = { name, appNamespace: appNamespace ?? undefined, project: project ?? undefined, rights };
    const { metadata } = await findApplication(parts, asked);
    const { archive, checksum } = archiveOf(body);
    const target = { namespace: metadata.namespace ?? parts.namespace, name: metadata.name };
    const files = { key: await parts.inspector.handBytes(archive), checksum };
    return parts.inspector.ask<'manifests'>({ kind: 'manifests', ...target, files }, signal);
  });
}
