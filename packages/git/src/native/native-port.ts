import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { mirrorBroken, mirrorClosed, objectNotFound, revisionNotFound } from '../git-errors.ts';
import type { RemoteRefs, RepositoryPort } from '../repository-port.ts';
import { createSerial } from '../serial.ts';
import type { RepositoryAccess } from '../types.ts';
import { type GitAccess, prepareAccess } from './access-files.ts';
import { CatFile } from './cat-file.ts';
import { parseLsRemote } from './parse-ls-remote.ts';
import { createRemoteGit, type RemoteGit } from './remote-git.ts';
import { GitFailure, runGit } from './run-git.ts';
import { removeStaleLocks } from './stale-locks.ts';

interface NativeOptions {
  git: string;
  /** A look takes at most this time (ms). */
  lookTimeoutMs: number;
  /** A fetch takes at most this time (ms); one that stands still ends much sooner. */
  fetchTimeoutMs: number;
  /** The reading process ends after this time (ms) without a read. */
  idleMs: number;
}

const localTimeoutMs = 120_000;
/** Loose objects and small packs are put together after this number of fetches. */
const fetchesPerTidy = 20;
/** So many more refs than before are put into one file. */
const packFrom = 500;
const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

/** Work on one folder is done one after the other, also between mirrors that share it (other credentials, same URL). */
const folders = createSerial();

/** The git program over a bare mirror in `<folder>/mirror.git`; what git needs beside it lies in a folder of its own. */
export async function openNativePort(
  access: RepositoryAccess,
  folder: string,
  options: NativeOptions,
): Promise<RepositoryPort> {
  await mkdir(folder, { recursive: true });
  const files = await prepareAccess(access, join(folder, `access-${crypto.randomUUID()}`));
  const port = new NativePort(access, folder, { files, ...options });
  await port.open();
  return port;
}

class NativePort implements RepositoryPort {
  readonly url: string;
  readonly #folder: string;
  readonly #mirror: string;
  readonly #access: GitAccess;
  /** Commits of history to bring; undefined is all. */
  readonly #depth: number | undefined;
  readonly #options: NativeOptions;
  readonly #stop = new AbortController();
  readonly #reader;
  readonly #remote: RemoteGit;
  #fetches = 0;
  #packedRefs = 0;
  #tidying: Promise<void> = Promise.resolve();

  constructor(access: RepositoryAccess, folder: string, options: NativeOptions & { files: GitAccess }) {
    this.url = access.url;
    this.#depth = access.depth;
    this.#folder = folder;
    this.#mirror = join(folder, 'mirror.git');
    this.#access = options.files;
    this.#options = options;
    this.#remote = createRemoteGit({ access, signal: this.#stop.signal, ...options });
    this.#reader = new CatFile({
      git: options.git,
      args: [`--git-dir=${this.#mirror}`],
      env: options.files.local,
      idleMs: options.idleMs,
    });
  }

  /** Makes the mirror when it is missing, and again when git can't open it. */
  open(): Promise<void> {
    return folders.run(this.#folder, async () => {
      const usable = await this.#local(['rev-parse', '--is-bare-repository']).then(
        (answer) => answer.toString().trim() === 'true',
        (error: unknown) => {
          if (error instanceof GitFailure && error.cause === undefined) return false;
          throw error;
        },
      );
      if (usable) return removeStaleLocks(this.#mirror);
      await rm(this.#mirror, { recursive: true, force: true });
      await this.#initialise(this.#mirror, 'sha1');
    });
  }

  async look(): Promise<RemoteRefs> {
    const output = await this.#remote.run('list the refs of', (address) => ['ls-remote', '--symref', '--', address]);
    return parseLsRemote(output.toString());
  }

  fetchAll(refs: RemoteRefs): Promise<void> {
    return folders.run(this.#folder, async () => {
      await this.#matchFormat(refs);
      await this.#fetch(this.#mirror, refspecs);
      this.#fetches++;
      // One file per ref makes every later fetch slow where there are thousands.
      if (refs.refs.size - this.#packedRefs > packFrom) {
        await this.#local(['pack-refs', '--all']);
        this.#packedRefs = refs.refs.size;
      }
      if (this.#fetches % fetchesPerTidy === 0) this.#tidy();
    });
  }

  async fetchCommit(commit: string): Promise<void> {
    try {
      await folders.run(this.#folder, () => this.#fetch(this.#mirror, [commit]));
    } catch (error) {
      if (
        !(error instanceof PlumblineError) ||
        !/not our ref|unadvertised object|couldn't find remote ref|no such remote ref/i.test(error.message)
      ) {
        throw error;
      }
      throw revisionNotFound(this.url, commit, 'the repository has no such commit, or does not give it out');
    }
  }

  async read(oid: string) {
    const answer = await this.#ask('contents', oid);
    if (!answer.found) throw objectNotFound(this.url, oid);
    return { type: answer.type, content: answer.content };
  }

  async info(oid: string) {
    const answer = await this.#ask('info', oid);
    if (!answer.found) throw objectNotFound(this.url, oid);
    return { type: answer.type, size: answer.size };
  }

  async findCommit(id: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{4,64}$/.test(id)) return undefined;
    const answer = await this.#ask('info', `${id}^{commit}`);
    return answer.found ? answer.oid : undefined;
  }

  async shallowCommits(): Promise<ReadonlySet<string>> {
    if (this.#depth === undefined) return new Set();
    const listed = await readFile(join(this.#mirror, 'shallow'), 'utf8').catch(() => '');
    return new Set(listed.split('\n').filter((line) => line !== ''));
  }

  async intact(): Promise<boolean> {
    this.#reader.restart();
    try {
      await this.#local(['rev-list', '--objects', '--all', '--quiet']);
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) throw mirrorClosed(this.url);
      if (error instanceof GitFailure && !error.timedOut) return false;
      throw error;
    }
  }

  rebuild(refs: RemoteRefs): Promise<void> {
    return folders.run(this.#folder, async () => {
      const fresh = join(this.#folder, `fresh-${crypto.randomUUID()}`);
      try {
        await this.#initialise(fresh, formatOf(refs) ?? 'sha1');
        await this.#fetch(fresh, refspecs);
        await rm(this.#mirror, { recursive: true, force: true });
        await rename(fresh, this.#mirror);
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
      this.#reader.restart();
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#reader.close(), this.#tidying]);
    await this.#access.remove();
  }

  async #ask(command: 'contents' | 'info', name: string) {
    try {
      return await this.#reader.ask(command, name);
    } catch (error) {
      if (this.#stop.signal.aborted) throw mirrorClosed(this.url);
      throw mirrorBroken(this.url, error instanceof GitFailure ? error.stderr : String(error), error);
    }
  }

  async #initialise(mirror: string, format: 'sha1' | 'sha256'): Promise<void> {
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, mirror];
    await runGit(args, {
      git: this.#options.git,
      env: this.#access.local,
      timeoutMs: localTimeoutMs,
      signal: this.#stop.signal,
    });
  }

  /** A mirror is made before the remote's kind of object id is known. */
  async #matchFormat(refs: RemoteRefs): Promise<void> {
    const format = formatOf(refs);
    if (format !== 'sha256') return;
    const present = (await this.#local(['rev-parse', '--show-object-format'])).toString().trim();
    if (present === format) return;
    await rm(this.#mirror, { recursive: true, force: true });
    await this.#initialise(this.#mirror, format);
    this.#reader.restart();
  }

  async #fetch(mirror: string, what: readonly string[]): Promise<void> {
    const args = [
      'fetch',
      '--quiet',
      '--no-auto-gc',
      '--no-write-fetch-head',
      '--no-tags',
      '--no-recurse-submodules',
      '--force',
    ];
    const prune = what === refspecs ? ['--prune'] : [];
    const depth = this.#depth ? [`--depth=${this.#depth}`] : [];
    await this.#remote.run('fetch from', (address) => [
      `--git-dir=${mirror}`,
      ...args,
      ...prune,
      ...depth,
      '--',
      address,
      ...what,
    ]);
  }

  #tidy(): void {
    this.#tidying = this.#local(['-c', 'gc.autoDetach=false', 'gc', '--auto', '--quiet'], 30 * 60_000).then(
      () => {},
      () => {},
    );
  }

  #local(args: readonly string[], timeoutMs = localTimeoutMs): Promise<Buffer> {
    const { git } = this.#options;
    const { signal } = this.#stop;
    return runGit([`--git-dir=${this.#mirror}`, ...args], { git, env: this.#access.local, timeoutMs, signal });
  }
}

function formatOf({ refs, head }: RemoteRefs): 'sha1' | 'sha256' | undefined {
  const id = head?.commit ?? refs.values().next().value;
  if (id === undefined) return undefined;
  return id.length === 64 ? 'sha256' : 'sha1';
}
