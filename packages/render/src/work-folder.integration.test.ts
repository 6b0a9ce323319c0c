import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitBackend, createMirrors, type Mirrors } from '@plumbline/git';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRepository, type RepositoryView } from './repository/repository-view.ts';
import { WorkFolder } from './work-folder.ts';

let repository: GitRepository;
let mirrors: Mirrors;
let folder: string;
beforeEach(async () => {
  repository = await gitRepository();
  folder = join(repository.folder, '..', 'work');
  const backend = createGitBackend({ logger: silentLogger });
  mirrors = createMirrors({ backend, folder: join(repository.folder, '..', 'mirrors'), logger: silentLogger });
});
afterEach(async () => {
  await mirrors.close();
  await repository[Symbol.asyncDispose]();
});

async function commitFiles(
  count: number,
): Promise<{ view: RepositoryView; inputs: { path: string; oid: string | null }[] }> {
  for (let index = 0; index < count; index += 1) repository.write(`f${index}/x.txt`, `${index}`);
  await repository.commit();
  const mirror = await mirrors.get({ url: repository.url });
  const { commit } = await mirror.resolve('HEAD');
  const view = await openRepository(mirror, commit);
  const inputs = await Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      path: `f${index}`,
      oid: (await view.entry(`f${index}`))?.oid ?? null,
    })),
  );
  return { view, inputs };
}

it('keeps folders up to the limit, the least recently used going first, none while it is in use', async () => {
  const { view, inputs } = await commitFiles(4);
  const work = new WorkFolder(folder, { folders: 2 });
  const used = await work.hold(view, inputs.slice(0, 1));
  for (const input of inputs.slice(1)) {
    await using _held = await work.hold(view, [input]);
  }
  expect(await readdir(join(used.path, 'f0'))).toEqual(['x.txt']);
  expect(await readdir(join(folder, 'inputs'))).toHaveLength(2);
  await used[Symbol.asyncDispose]();
});

it('gives simultaneous renders of the same inputs one folder', async () => {
  const { view, inputs } = await commitFiles(2);
  const work = new WorkFolder(folder);
  const held = await Promise.all([1, 2, 3].map(() => work.hold(view, inputs)));
  expect(new Set(held.map(({ path }) => path)).size).toBe(1);
});

it('leaves nothing of inputs that are not those of the commit', async () => {
  const { view } = await commitFiles(1);
  const work = new WorkFolder(folder);
  await expect(work.hold(view, [{ path: 'f0', oid: 'f'.repeat(40) }])).rejects.toThrow(/not what was traced/);
  expect(await readdir(join(folder, 'inputs'))).toEqual([]);
});
