import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Mirrors } from '@plumbline/git';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { openRepository, type RepositoryView } from '../repository/repository-view.ts';
import type { TracedInput } from '../types.ts';
import { WorkFolder, type WorkFolderLimits } from '../work-folder.ts';
import { testMirrors } from './mirrors.ts';

/** Files by path: `-> x` is a symlink to x, `+x …` an executable file. */
export type Tree = Readonly<Record<string, string>>;

export interface Revision {
  view: RepositoryView;
  /** Each file of the tree by itself. */
  inputs: TracedInput[];
}

/** A repository whose revisions are held in folders. */
export interface InputFolders extends AsyncDisposable {
  /** Commits a tree, in place of all that was there. */
  revision(tree: Tree): Promise<Revision>;
  /** A work folder that nobody has used yet, and where the folders of inputs lie in it. */
  fresh(limits?: Partial<WorkFolderLimits>): { work: WorkFolder; inputs: string };
  /** What a folder of these inputs holds that was never one of others. */
  expected(revision: Revision): Promise<Record<string, string>>;
}

function writeTree(repository: GitRepository, tree: Tree): void {
  for (const name of readdirSync(repository.folder)) if (name !== '.git') repository.remove(name);
  for (const [path, content] of Object.entries(tree)) {
    const file = join(repository.folder, path);
    repository.write(path, content);
    if (content.startsWith('+x ')) chmodSync(file, 0o755);
    if (!content.startsWith('-> ')) continue;
    repository.remove(path);
    symlinkSync(content.slice(3), file);
  }
}

/** Holds the inputs and releases them again: the path of their folder. */
export async function visit(work: WorkFolder, { view, inputs }: Revision): Promise<string> {
  await using held = await work.hold(view, inputs);
  return held.path;
}

export async function openInputFolders(): Promise<InputFolders> {
  const repository = await gitRepository();
  const beside = join(repository.folder, '..');
  const mirrors: Mirrors = testMirrors(join(beside, 'mirrors'));
  let number = 0;
  const fresh: InputFolders['fresh'] = (limits) => {
    number += 1;
    const folder = join(beside, `work-${number}`);
    return { work: new WorkFolder(folder, limits), inputs: join(folder, 'inputs') };
  };
  return {
    fresh,
    expected: async (revision) => listing(await visit(fresh().work, revision)),
    async revision(tree) {
      writeTree(repository, tree);
      const commit = await repository.commit();
      const mirror = await mirrors.get({ url: repository.url });
      await mirror.ensureCommit(commit);
      const view = await openRepository(mirror, commit);
      const paths = Object.keys(tree).sort();
      const inputs = paths.map(async (path) => ({ path, oid: (await view.entry(path))?.oid ?? null }));
      return { view, inputs: await Promise.all(inputs) };
    },
    async [Symbol.asyncDispose]() {
      await mirrors.close();
      await repository[Symbol.asyncDispose]();
    },
  };
}

/** All that a folder holds, by path: type, mode, and content or target. Symlinks are not followed. */
export function listing(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const look = (path: string): void => {
    const full = join(folder, path);
    const stats = lstatSync(full);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found[path] = `link ${readlinkSync(full)}`;
    else if (stats.isFile()) found[path] = `file ${mode} ${readFileSync(full, 'utf8')}`;
    else {
      found[path] = `folder ${mode}`;
      for (const name of readdirSync(full).sort()) look(join(path, name));
    }
  };
  look('.');
  return found;
}

/** Inode numbers of the files at these paths. */
export function inodes(folder: string, paths: readonly string[]): number[] {
  return paths.map((path) => lstatSync(join(folder, path)).ino);
}
