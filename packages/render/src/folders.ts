import { chmod, copyFile, link, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

/** Removes a folder although folders in it are read-only. A missing one is no error. */
export async function removeFolder(path: string): Promise<void> {
  if (await lstat(path).catch(() => undefined)) await makeWritable(path);
  await rm(path, { recursive: true, force: true });
}

/** Makes `to` a writable folder with the content of `from`: writable copies, or hard links to the same files. */
export async function duplicateFolder(from: string, to: string, mode: 'copy' | 'link'): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o755 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await duplicateFolder(source, target, mode);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (mode === 'link') await link(source, target);
    else {
      await copyFile(source, target);
      await chmod(target, ((await lstat(source)).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}
