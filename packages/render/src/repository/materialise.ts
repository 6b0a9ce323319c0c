import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode, PlumblineError } from '@plumbline/errors';
import type { EntryKind } from '@plumbline/git';
import { aliasBomb } from '@plumbline/manifests';
import { shareThread } from '../share-thread.ts';
import type { TracedInput } from '../types.ts';
import type { RepositoryView } from './repository-view.ts';

/** What one render may read. */
export interface InputLimits {
  maxInputFiles: number;
  maxInputBytes: number;
}

const asterisk = '*'.charCodeAt(0);
const ampersand = '&'.charCodeAt(0);

interface Plan {
  limits: InputLimits;
  files: { path: string; oid: string; executable: boolean }[];
  links: { path: string; oid: string }[];
  folders: Set<string>;
}

/** Git itself refuses such names; objects made by hand can have them. */
function checkName(path: string): void {
  const bad = path.split('/').some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'));
  if (bad)
    throw new PlumblineError('RENDER_INVALID_SOURCE', `the repository holds an entry with an impossible name: ${path}`);
}

function tooLarge(path: string, problem: string): PlumblineError {
  return new PlumblineError('RENDER_TOO_LARGE', `${path}: ${problem}`, {
    hint: 'split the source, or raise the limits of the repo-server',
    details: { file: path },
  });
}

/** Tools take minutes and all their memory for it. */
function refuseAliasBomb(path: string, content: Uint8Array): void {
  if (!content.includes(asterisk) || !content.includes(ampersand)) return;
  const problem = aliasBomb(new TextDecoder().decode(content));
  if (problem !== undefined) throw tooLarge(path, problem);
}

function checkCount({ files, links, folders, limits: { maxInputFiles } }: Plan, path: string): void {
  if (files.length + links.length + folders.size <= maxInputFiles) return;
  throw tooLarge(path, `the source reads more than ${maxInputFiles} files`);
}

/** The guard over whole commits leaves submodules out. Loops and dangling links are written as they are. */
async function refuseEscape(view: RepositoryView, path: string): Promise<void> {
  try {
    await view.find(path);
  } catch (error) {
    if (!hasCode(error, 'RENDER_SYMLINK') || error.details['loop'] !== true) throw error;
  }
}

async function planEntry(
  view: RepositoryView,
  plan: Plan,
  { path, entry }: { path: string; entry: { kind: EntryKind; oid: string; executable: boolean } },
): Promise<void> {
  if (path !== '') checkName(path);
  checkCount(plan, path);
  switch (entry.kind) {
    case 'blob':
      plan.files.push({ path, oid: entry.oid, executable: entry.executable });
      return;
    case 'symlink':
      await refuseEscape(view, path);
      plan.links.push({ path, oid: entry.oid });
      return;
    case 'submodule':
      plan.folders.add(path);
      return;
    case 'tree':
      plan.folders.add(path);
      for (const child of await view.reader.readTree(entry.oid)) {
        await planEntry(view, plan, { path: path === '' ? child.name : `${path}/${child.name}`, entry: child });
      }
  }
}

async function planInputs(view: RepositoryView, inputs: readonly TracedInput[], limits: InputLimits): Promise<Plan> {
  const plan: Plan = { limits, files: [], links: [], folders: new Set() };
  for (const { path, oid } of inputs) {
    if (oid === null) continue;
    const entry = await view.entry(path);
    if (entry?.oid !== oid) {
      throw new PlumblineError('RENDER_INVALID_SOURCE', `${path} is not what was traced at revision ${view.revision}`);
    }
    await planEntry(view, plan, { path, entry });
  }
  return plan;
}

function ensureFolder(root: string, made: Set<string>, folder: string): void {
  if (made.has(folder)) return;
  mkdirSync(join(root, folder), { recursive: true });
  for (let path = folder; path !== '.' && !made.has(path); path = dirname(path)) made.add(path);
}

/**
 * Writes the inputs below `root` (which exists and is empty), symlinks last so that nothing is written through one, and
 * makes the files and folders read-only. Returns the bytes written.
 */
export async function materialise(
  view: RepositoryView,
  inputs: readonly TracedInput[],
  { root, limits }: { root: string; limits: InputLimits },
): Promise<number> {
  const plan = await planInputs(view, inputs, limits);
  const made = new Set<string>(['', '.']);
  const rest = shareThread();
  let bytes = 0;
  for (const folder of plan.folders) {
    ensureFolder(root, made, folder || '.');
    await rest();
  }
  for (const { path, oid, executable } of plan.files) {
    ensureFolder(root, made, dirname(path));
    bytes += await view.reader.blobSize(oid);
    if (bytes > limits.maxInputBytes) throw tooLarge(path, `the source reads more than ${limits.maxInputBytes} bytes`);
    const content = await view.reader.readBlob(oid);
    refuseAliasBomb(path, content);
    writeFileSync(join(root, path), content, { flag: 'wx', mode: executable ? 0o555 : 0o444 });
    await rest();
  }
  for (const { path, oid } of plan.links) {
    ensureFolder(root, made, dirname(path));
    symlinkSync(await view.text(oid), join(root, path));
    await rest();
  }
  for (const folder of made) {
    const path = join(root, folder);
    if (lstatSync(path).isDirectory()) chmodSync(path, 0o555);
    await rest();
  }
  return bytes;
}
