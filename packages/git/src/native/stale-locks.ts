import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what a process that was killed has left: nobody else works on the mirror. */
export async function removeStaleLocks(mirror: string): Promise<void> {
  const names = await readdir(mirror, { recursive: true }).catch(() => []);
  const stale = names.filter((name) => name.endsWith('.lock') && !name.startsWith('objects/'));
  await Promise.all(stale.map((name) => rm(join(mirror, name), { force: true })));
}
