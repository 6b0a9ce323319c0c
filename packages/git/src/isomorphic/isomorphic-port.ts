import fs from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { fetch, init, listServerRefs } from 'isomorphic-git';
import { mirrorBroken, mirrorClosed, remoteFailure, remoteTimeout, revisionNotFound } from '../git-errors.ts';
import type { RemoteRefs, RepositoryPort } from '../repository-port.ts';
import { authorizationOf, protocolOf } from '../repository-url.ts';
import { createSerial } from '../serial.ts';
import type { RepositoryAccess } from '../types.ts';
import { openDiskPort } from './disk-port.ts';
import { createRepositoryHttp } from './http-client.ts';
import { createIsomorphicStore } from './object-store.ts';

interface IsomorphicOptions {
  lookTimeoutMs: number;
  fetchTimeoutMs: number;
}

const folders = createSerial();
/** Every fetch brings a pack, and every read asks all of them; beyond this number the mirror is made anew. */
const mostPacks = 50;

const config = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[remote "origin"]
	fetch = +refs/heads/*:refs/heads/*
`;

/** isomorphic-git over a mirror of an http repository, or directly over a repository on disk. */
export async function openIsomorphicPort(
  access: RepositoryAccess,
  folder: string,
  options: IsomorphicOptions,
): Promise<RepositoryPort> {
  if (protocolOf(access.url) === 'file') return openDiskPort(access.url);
  const port = new IsomorphicPort(access, folder, options);
  await port.open();
  return port;
}

class IsomorphicPort implements RepositoryPort {
  readonly url: string;
  readonly #folder: string;
  readonly #mirror: string;
  readonly #options: IsomorphicOptions;
  readonly #http;
  readonly #authorization: string | undefined;
  readonly #stop = new AbortController();
  #store;

  constructor(access: RepositoryAccess, folder: string, options: IsomorphicOptions) {
    this.url = access.url;
    this.#folder = folder;
    this.#mirror = join(folder, 'isomorphic.git');
    this.#options = options;
    this.#http = createRepositoryHttp(access);
    this.#authorization = authorizationOf(access);
    this.#store = createIsomorphicStore(this.url, this.#mirror);
  }

  /** Makes the mirror when it is missing. */
  open(): Promise<void> {
    return folders.run(this.#folder, async () => {
      const there = await stat(join(this.#mirror, 'HEAD')).catch(() => undefined);
      if (!there?.isFile()) await this.#initialise(this.#mirror);
      await writeFile(join(this.#mirror, 'config'), config);
    });
  }

  async look(): Promise<RemoteRefs> {
    const listed = await this.#remote('list the refs of', this.#options.lookTimeoutMs, () =>
      listServerRefs({
        http: this.#http,
        url: this.url,
        headers: this.#headers(),
        protocolVersion: 1,
        symrefs: true,
        peelTags: true,
      }),
    );
    const refs = new Map<string, string>();
    const tags = new Map<string, string>();
    let head: RemoteRefs['head'];
    for (const { ref, oid, target, peeled } of listed) {
      if (peeled !== undefined) tags.set(ref, oid);
      if (ref !== 'HEAD') refs.set(ref, peeled ?? oid);
      else head = target === undefined ? { commit: oid } : { commit: oid, ref: target };
    }
    return head ? { refs, tags, head } : { refs, tags };
  }

  fetchAll(refs: RemoteRefs): Promise<void> {
    return folders.run(this.#folder, async () => {
      if ((await this.#packs()) >= mostPacks) return this.#replace(refs);
      await this.#fetch(this.#mirror, refs);
      await this.#store.refresh();
    });
  }

  async fetchCommit(commit: string): Promise<void> {
    try {
      await folders.run(this.#folder, () => this.#transfer(this.#mirror, { ref: commit, singleBranch: true }));
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code === 'GIT_MIRROR_CLOSED') throw error;
      if (!/not our ref|unadvertised|upload-pack|empty|HTTP Error: 5/i.test(error.message)) throw error;
      throw revisionNotFound(this.url, commit, 'the repository has no such commit, or does not give it out');
    }
    await this.#store.refresh();
  }

  read(oid: string) {
    return this.#open(() => this.#store.read(oid));
  }

  async info(oid: string) {
    const { type, content } = await this.read(oid);
    return { type, size: content.length };
  }

  findCommit(id: string): Promise<string | undefined> {
    return this.#open(() => this.#store.findCommit(id));
  }

  /** It brings all of the history, whatever the depth. */
  async shallowCommits(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  async intact(): Promise<boolean> {
    if (!(await this.#store.hasWholePacks())) return false;
    const names = await readdir(join(this.#mirror, 'refs'), { recursive: true, withFileTypes: true });
    for (const entry of names.filter((name) => name.isFile())) {
      const value = await fs.promises.readFile(join(entry.parentPath, entry.name), 'utf8');
      const present = await this.#store.read(value.trim()).catch(() => undefined);
      if (!present) return false;
    }
    return true;
  }

  rebuild(refs: RemoteRefs): Promise<void> {
    return folders.run(this.#folder, () => this.#replace(refs));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#http.close();
  }

  async #open<T>(work: () => Promise<T>): Promise<T> {
    if (this.#stop.signal.aborted) throw mirrorClosed(this.url);
    return work();
  }

  async #replace(refs: RemoteRefs): Promise<void> {
    const fresh = join(this.#folder, `fresh-${crypto.randomUUID()}`);
    try {
      await this.#initialise(fresh);
      await this.#fetch(fresh, refs);
      await rm(this.#mirror, { recursive: true, force: true });
      await rename(fresh, this.#mirror);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    this.#store = createIsomorphicStore(this.url, this.#mirror);
  }

  async #initialise(mirror: string): Promise<void> {
    await rm(mirror, { recursive: true, force: true });
    await mkdir(mirror, { recursive: true });
    await init({ fs, dir: mirror, gitdir: mirror, bare: true });
    await writeFile(join(mirror, 'config'), config);
  }

  /** The library wants a name to begin with: the remote's HEAD, or any ref where HEAD points at nothing. */
  async #fetch(mirror: string, { refs, head }: RemoteRefs): Promise<void> {
    const first = head ? 'HEAD' : refs.keys().next().value;
    if (first === undefined) return;
    await this.#transfer(mirror, { ref: first, singleBranch: false });
  }

  async #transfer(mirror: string, what: { ref: string; singleBranch: boolean }): Promise<void> {
    const prune = !what.singleBranch;
    const options = { url: this.url, remote: 'origin', remoteRef: what.ref, tags: prune, prune, pruneTags: prune };
    await this.#remote('fetch from', this.#options.fetchTimeoutMs, () =>
      fetch({ fs, http: this.#http, gitdir: mirror, headers: this.#headers(), cache: {}, ...options, ...what }),
    );
  }

  async #packs(): Promise<number> {
    const files = await readdir(join(this.#mirror, 'objects/pack')).catch(() => []);
    return files.filter((file) => file.endsWith('.idx')).length;
  }

  #headers(): Record<string, string> {
    return this.#authorization ? { Authorization: this.#authorization } : {};
  }

  async #remote<T>(action: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    const context = { url: this.url, action };
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(mirrorClosed(this.url));
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => reject(remoteTimeout(context, timeoutMs)), timeoutMs);
    try {
      if (this.#stop.signal.aborted) throw mirrorClosed(this.url);
      return await Promise.race([work(), promise]);
    } catch (error) {
      if (error instanceof PlumblineError) throw error;
      throw explain(error, context);
    } finally {
      clearTimeout(timer);
      this.#stop.signal.removeEventListener('abort', stop);
    }
  }
}

function explain(error: unknown, context: { url: string; action: string }): PlumblineError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = error instanceof Error ? error.message || code : String(error);
  if (context.action === 'fetch from' && /ENOENT|EIO|InternalError|NotFoundError/.test(code)) {
    return mirrorBroken(context.url, words, error);
  }
  return remoteFailure(words, context, error);
}
