import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Logger, silentLogger } from '@plumbline/telemetry';
import { eventually, type GitRepository, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend, type GitBackendOptions } from '../create-git-backend.ts';
import type { Mirror } from '../types.ts';

/** Processes whose command line names the text. */
function processesOf(text: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(text) ? [{ pid: Number(name), command }] : [];
      } catch {
        return [];
      }
    });
}

describe('the native backend', { timeout: 30_000 }, () => {
  let repository: GitRepository;
  let folder: string;
  let mirror: Mirror;
  let head: string;
  let rebuilds: number;

  const logger: Logger = {
    ...silentLogger,
    warn: (message) => {
      if (message === 'Rebuilding a damaged mirror') rebuilds++;
    },
  };

  beforeEach(async () => {
    rebuilds = 0;
    repository = await gitRepository();
    for (let index = 0; index < 150; index++) repository.write(`f${index}`, `content ${index}`);
    head = await repository.commit();
    folder = await mkdtemp(join(tmpdir(), 'plumbline-native-'));
    mirror = await open();
    await mirror.resolve('main');
  });
  afterEach(async () => {
    await mirror.close();
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (options: Partial<GitBackendOptions> = {}, url = repository.url): Promise<Mirror> =>
    createGitBackend({ name: 'native', logger, ...options }).open({ url }, folder);
  const files = async (commit = head): Promise<string[]> => {
    const entries = await mirror.readTree(await mirror.rootTree(commit));
    return Promise.all(entries.map(async ({ oid }) => Buffer.from(await mirror.readBlob(oid)).toString()));
  };
  const packs = async (): Promise<string[]> => {
    const pack = join(folder, 'mirror.git/objects/pack');
    return (await readdir(pack)).map((name) => join(pack, name));
  };
  /** The reading process keeps deleted packs open; without it, damage is damage. */
  const endReader = async (): Promise<void> => {
    for (const { pid } of processesOf(folder)) process.kill(pid, 'SIGKILL');
    await eventually(() => processesOf(folder).length === 0, { what: 'the reading process to end' });
  };
  const damages: Record<string, () => Promise<void>> = {
    'its packs are missing': async () => {
      for (const file of await packs()) await rm(file);
    },
    'a pack is missing and its index there': async () => {
      for (const file of await packs()) if (file.endsWith('.pack')) await rm(file);
    },
    'a pack is cut off': async () => {
      for (const file of await packs()) if (file.endsWith('.pack')) await truncate(file, 100);
    },
    'an index is garbage': async () => {
      for (const file of await packs()) {
        if (file.endsWith('.idx')) {
          await rm(file);
          await writeFile(file, 'garbage');
        }
      }
    },
    'its configuration is broken': () => appendFile(join(folder, 'mirror.git/config'), '[broken'),
    'its HEAD is gone': () => rm(join(folder, 'mirror.git/HEAD')),
    'a ref names nothing': async () => {
      await mkdir(join(folder, 'mirror.git/refs/heads'), { recursive: true });
      await writeFile(join(folder, 'mirror.git/refs/heads/main'), `${'b'.repeat(40)}\n`);
    },
    'a ref is garbage': () => writeFile(join(folder, 'mirror.git/refs/heads/main'), 'garbage\n'),
    'its list of refs is garbage': () => writeFile(join(folder, 'mirror.git/packed-refs'), 'garbage\n'),
    'all its objects are gone': () => rm(join(folder, 'mirror.git/objects'), { recursive: true }),
    'a stale lock lies in it': () => writeFile(join(folder, 'mirror.git/packed-refs.lock'), ''),
  };

  describe.each(Object.keys(damages))('heals the mirror by itself when %s', (damage) => {
    test('while it is open', async () => {
      await endReader();
      await damages[damage]?.();
      const next = await repository.write('f0', 'next').commit();
      expect((await mirror.resolve('main')).commit).toBe(next);
      const texts = await files(next);
      expect(texts).toContain('next');
      expect(texts).toHaveLength(150);
    });

    test('at the next start', async () => {
      await mirror.close();
      await damages[damage]?.();
      mirror = await open();
      expect((await mirror.resolve('main')).commit).toBe(head);
      expect(await files()).toHaveLength(150);
    });
  });

  test('reads what damage took, without a resolve in between, also a commit that only its id reaches', async () => {
    await repository.git('commit', '-q', '--amend', '-m', 'instead');
    const lost = head;
    await mirror.close();
    await rm(folder, { recursive: true });
    mirror = await open();
    await mirror.ensureCommit(lost);
    const tree = await mirror.rootTree(lost);
    await damages['its packs are missing']?.();
    for (const name of await readdir(join(folder, 'mirror.git/objects'))) {
      if (name.length === 2) await rm(join(folder, 'mirror.git/objects', name), { recursive: true });
    }
    expect(await mirror.readTree(tree)).toHaveLength(150);
  });

  test('ends in an error, and in no endless download, when the mirror breaks again at once', async () => {
    await mirror.close();
    mirror = await open({ cache: { treeBytes: 1, blobBytes: 1 } });
    await mirror.resolve('main');
    await endReader();
    await damages['its packs are missing']?.();
    expect(await files()).toHaveLength(150);
    expect(rebuilds).toBe(1);
    await damages['its packs are missing']?.();
    await endReader();
    await expect(files()).rejects.toMatchObject({
      code: expect.stringMatching(/GIT_OBJECT_NOT_FOUND|GIT_MIRROR_BROKEN/),
    });
    expect(rebuilds).toBe(1);
  });

  test('goes on when its reading process is killed', async () => {
    await files();
    const before = processesOf(folder).filter(({ command }) => command.includes('cat-file'));
    expect(before).toHaveLength(1);
    for (const { pid } of before) process.kill(pid, 'SIGKILL');
    const unknown = await repository.write('later', 'later').commit();
    await mirror.resolve('main');
    expect(await files(unknown)).toContain('later');
  });

  test('lets the reading process go when it is idle, and starts it again', async () => {
    await mirror.close();
    mirror = await open({ idleMs: 50 });
    await mirror.resolve('main');
    await files();
    await eventually(() => processesOf(folder).length === 0, { what: 'the reading process to end' });
    expect(await mirror.blobSize((await repository.git('rev-parse', 'HEAD:f7')).trim())).toBe(9);
    const fresh = await repository.write('g', 'g').commit();
    expect(await mirror.resolve('main')).toMatchObject({ commit: fresh });
  });

  test('leaves no process behind when it is closed', async () => {
    await files();
    expect(processesOf(folder).length).toBeGreaterThan(0);
    await mirror.close();
    expect(processesOf(folder)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('access'))).toEqual([]);
  });

  test('keeps up with many small fetches', async () => {
    for (let round = 0; round < 20; round++) {
      const next = await repository.write('f0', `round ${round}`).commit();
      expect((await mirror.resolve('main')).commit).toBe(next);
    }
    expect(await files(await repository.head())).toContain('round 19');
  });

  test('resolves among thousands of refs, and follows them', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `${head} refs/tags/t${String(index).padStart(4, '0')}\n`);
    await writeFile(
      join(repository.folder, '.git/packed-refs'),
      `# pack-refs with: peeled fully-peeled sorted\n${lines.join('')}`,
    );
    expect((await mirror.resolve('t4321')).commit).toBe(head);
    const next = await repository.write('f0', 'next').commit();
    await repository.tag('t9999');
    expect((await mirror.resolve('t9999')).commit).toBe(next);
    expect((await mirror.listRefs()).size).toBe(5002);
    const loose = await readdir(join(folder, 'mirror.git/refs/tags')).catch(() => []);
    expect(loose.length).toBeLessThan(5000);
  });

  test('reads a SHA-256 repository', async () => {
    const source = join(folder, 'sha256');
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', source, '-c', 'user.name=t', '-c', 'user.email=t@x', ...args], {
        encoding: 'utf8',
      }).trim();
    await mkdir(source);
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    await writeFile(join(source, 'a'), 'sixty-four digits');
    git('add', '.');
    git('commit', '-qm', 'one');
    await mirror.close();
    mirror = await createGitBackend({ name: 'native', logger: silentLogger }).open(
      { url: pathToFileURL(source).href },
      join(folder, 'other'),
    );
    const { commit } = await mirror.resolve('main');
    expect(commit).toBe(git('rev-parse', 'HEAD'));
    expect(await files(commit)).toEqual(['sixty-four digits']);
    expect((await mirror.resolve(commit.slice(0, 8))).commit).toBe(commit);
  });

  test('is not the default where the git program is missing', () => {
    const git = join(folder, 'no-git');
    expect(createGitBackend({ logger: silentLogger }).name).toBe('native');
    expect(createGitBackend({ logger: silentLogger, git }).name).toBe('isomorphic');
    expect(() => createGitBackend({ name: 'native', logger: silentLogger, git })).toThrow(/missing/);
  });
});
