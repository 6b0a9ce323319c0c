import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type KubeObject, toYaml } from '@plumbline/manifests';

/** Text as it is, an object as YAML, objects as a multi-document stream. */
export type FileContent = string | Uint8Array | KubeObject | Record<string, unknown> | readonly object[];

/** A real repository with a work tree and the branch `main`, for one test. */
export interface GitRepository extends AsyncDisposable {
  /** The work tree. Its parent folder holds nothing else, unless a folder was given. */
  readonly folder: string;
  /** `file://…` */
  readonly url: string;
  /** Writes one file and makes the folders above it. Returns the repository, so that calls can be chained. */
  write(path: string, content: FileContent): GitRepository;
  /** Removes a file or a folder. */
  remove(path: string): GitRepository;
  /** Commits everything, also where nothing changed. Returns the SHA. */
  commit(message?: string): Promise<string>;
  /** Tags HEAD; annotated where there is a message. Returns the SHA of the commit. */
  tag(name: string, options?: { message?: string; force?: boolean }): Promise<string>;
  /** Makes the branch at HEAD where it is missing, and switches to it. */
  branch(name: string): Promise<void>;
  /** SHA of HEAD. */
  head(): Promise<string>;
  /** Any git command in the work tree; its trimmed standard output. Throws with git's own words. */
  git(...args: string[]): Promise<string>;
}

/**
 * Makes an empty repository in a temporary folder (or in the one given), apart from the git settings of user and
 * machine. It can be fetched by `file://`; `gitHttpServer` serves it over HTTP.
 */
export async function gitRepository(options: { folder?: string } = {}): Promise<GitRepository> {
  const parent = options.folder ? undefined : await mkdtemp(join(tmpdir(), 'plumbline-git-'));
  const folder = options.folder ?? join(parent ?? '', 'repository');
  await mkdir(folder, { recursive: true });
  const git = (...args: string[]) => runGit(folder, args);
  await initialise(git);
  const head = () => git('rev-parse', 'HEAD');
  const repository: GitRepository = {
    folder,
    url: pathToFileURL(folder).href,
    git,
    head,
    write(path, content) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, textOf(content));
      return repository;
    },
    remove(path) {
      rmSync(join(folder, path), { recursive: true });
      return repository;
    },
    async commit(message = 'change') {
      await git('add', '-A');
      await git('commit', '-q', '--allow-empty', '-m', message);
      return head();
    },
    async tag(name, { message, force = false } = {}) {
      await git('tag', ...(force ? ['-f'] : []), ...(message ? ['-a', '-m', message] : []), name);
      return head();
    },
    branch: async (name) => {
      const existing = await git('branch', '--list', name);
      await git('checkout', '-q', ...(existing ? [] : ['-b']), name);
    },
    [Symbol.asyncDispose]: () => rm(parent ?? folder, { recursive: true, force: true, maxRetries: 3 }),
  };
  return repository;
}

/** Every object may be fetched by its id, and without its blobs, as from the large hosts. */
async function initialise(git: GitRepository['git']): Promise<void> {
  await git('init', '-q', '-b', 'main');
  await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git('config', 'uploadpack.allowFilter', 'true');
}

function textOf(content: FileContent): string | Uint8Array {
  if (typeof content === 'string' || content instanceof Uint8Array) return content;
  if (Array.isArray(content)) return content.map((object) => toYaml(object)).join('---\n');
  return toYaml(content);
}

/** The environment of git in tests: no settings of user or machine, no prompts, fixed names. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const who = { NAME: 'Test', EMAIL: 'test@example.org' };
  return {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
}

function runGit(folder: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd: folder, env: gitEnvironment(), maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`git ${args.join(' ')} failed: ${stderr || error.message}`));
      resolve(stdout.trim());
    });
  });
}
