import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { ObjectReader } from '@plumbline/git';
import { openLocalArchive } from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';

/** Files that a person has sent, unpacked for one render. */
export interface LocalFiles extends AsyncDisposable {
  reader: ObjectReader;
}

/** Opens an archive that lies in the sealed cache. Throws `RENDER_LOCAL_FILES`, `CHART_ARCHIVE`. */
export async function openLocalFiles(
  sealed: Pick<SealedCache, 'get'>,
  { key, checksum }: { key: string; checksum: string },
): Promise<LocalFiles> {
  const archive = await sealed.get(key);
  if (!archive || createHash('sha256').update(archive).digest('hex') !== checksum) {
    throw new PlumblineError('RENDER_LOCAL_FILES', 'the local files got lost on their way: send them again', {
      retry: 'transient',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-local-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    return { reader: await openLocalArchive(archive, folder), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
