import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { mirrorClosed, remoteFailure, revisionNotFound } from '../git-errors.ts';
import type { RemoteRefs, RepositoryPort } from '../repository-port.ts';
import { filePathOf } from '../repository-url.ts';
import { createIsomorphicStore, type IsomorphicStore } from './object-store.ts';
import { readRefs } from './read-refs.ts';

async function isGitDir(folder: string): Promise<boolean> {
  const [head, objects] = await Promise.all([
    stat(join(folder, 'HEAD')).catch(() => undefined),
    stat(join(folder, 'objects')).catch(() => undefined),
  ]);
  return head?.isFile() === true && objects?.isDirectory() === true;
}

/** The Git folder of a path: itself when bare, its `.git` folder, or what its `.git` file names. */
async function findGitDir(path: string): Promise<string | undefined> {
  const inner = join(path, '.git');
  for (const candidate of [inner, path, `${path}.git`]) if (await isGitDir(candidate)) return candidate;
  const pointer = await readFile(inner, 'utf8').catch(() => '');
  const target = /^gitdir: (.+)$/m.exec(pointer)?.[1];
  if (target === undefined) return undefined;
  const folder = resolve(path, target.trim());
  return (await isGitDir(folder)) ? folder : undefined;
}

async function refuseUnreadable(url: string, gitdir: string): Promise<void> {
  const config = await readFile(join(gitdir, 'config'), 'utf8').catch(() => '');
  const alternates = await readFile(join(gitdir, 'objects/info/alternates'), 'utf8').catch(() => '');
  const format = /objectformat\s*=\s*sha256/i.test(config);
  if (!format && alternates.trim() === '' && !/refstorage\s*=\s*reftable/i.test(config)) return;
  throw new PlumblineError('GIT_FORMAT_UNSUPPORTED', `repository ${url} uses SHA-256, reftable or alternates`, {
    hint: 'the isomorphic backend can read none of them: install git',
  });
}

async function requireGitDir(url: string): Promise<string> {
  const path = filePathOf(url);
  const gitdir = await findGitDir(path);
  if (gitdir !== undefined) return gitdir;
  throw remoteFailure(`'${path}' does not appear to be a git repository`, { url, action: 'list the refs of' });
}

/** The store of a repository on disk: opened when it is first asked for, and again after it was forgotten. */
function openAtFirstUse(url: string) {
  let store: IsomorphicStore | undefined;
  let closed = false;
  return {
    async get(): Promise<IsomorphicStore> {
      if (closed) throw mirrorClosed(url);
      if (!store) {
        const gitdir = await requireGitDir(url);
        await refuseUnreadable(url, gitdir);
        store = createIsomorphicStore(url, gitdir);
      }
      return store;
    },
    async forget() {
      store = undefined;
    },
    async close() {
      closed = true;
      store = undefined;
    },
  };
}

/** A repository on disk, read where it lies: there is nothing to fetch, and nothing of ours that could be rebuilt. */
export async function openDiskPort(url: string): Promise<RepositoryPort> {
  const store = openAtFirstUse(url);
  return {
    url,
    async look(): Promise<RemoteRefs> {
      const known = await store.get();
      const gitdir = await requireGitDir(url);
      await known.refresh();
      return readRefs(gitdir, known.findCommit);
    },
    fetchAll: async () => (await store.get()).refresh(),
    async fetchCommit(commit) {
      if ((await (await store.get()).findCommit(commit)) === undefined) {
        throw revisionNotFound(url, commit, 'the repository has no such commit');
      }
    },
    read: async (oid) => (await store.get()).read(oid),
    async info(oid) {
      const { type, content } = await (await store.get()).read(oid);
      return { type, size: content.length };
    },
    findCommit: async (id) => (await store.get()).findCommit(id),
    shallowCommits: async () => new Set(),
    intact: async () => true,
    rebuild: store.forget,
    close: store.close,
  };
}
