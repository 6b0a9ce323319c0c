import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { shareThread } from './share-thread.ts';

type Rest = () => Promise<void>;

async function removeTree(folder: string, rest: Rest): Promise<void> {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await removeTree(path, rest);
    else unlinkSync(path);
    await rest();
  }
  rmdirSync(folder);
}

/** Removes a folder although folders in it are read-only. A missing one is no error. */
export async function removeFolder(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) return unlinkSync(path);
  // Something may still be written or removed there by what a tool left behind.
  await removeTree(path, shareThread()).catch(() => rm(path, { recursive: true, force: true, maxRetries: 3 }));
}

async function duplicateTree(
  from: string,
  to: string,
  { mode, rest }: { mode: 'copy' | 'link'; rest: Rest },
): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = `${from}/${entry.name}`;
    const target = `${to}/${entry.name}`;
    if (entry.isDirectory()) await duplicateTree(source, target, { mode, rest });
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (mode === 'link') linkSync(source, target);
    else {
      copyFileSync(source, target);
      chmodSync(target, (lstatSync(source).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
    await rest();
  }
}

/** Makes `to` a writable folder with the content of `from`: writable copies, or hard links to the same files. */
export async function duplicateFolder(from: string, to: string, mode: 'copy' | 'link'): Promise<void> {
  await duplicateTree(from, to, { mode, rest: shareThread() });
}
