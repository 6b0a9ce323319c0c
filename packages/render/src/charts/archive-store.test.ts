import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStoreOptions, createArchiveStore } from './archive-store.ts';
import type { LocatedChart } from './types.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let folder: string;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-store-'));
  now = Date.now();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const storeOf = (options: Partial<ArchiveStoreOptions> = {}) =>
  createArchiveStore({ folder, clock: () => now, maxBytes: 2_500, ...options });

/** An archive of 1,000 bytes. */
function chart(name: string): LocatedChart & { downloads: number } {
  const located = {
    version: '1.0.0',
    isChart: true,
    key: name,
    downloads: 0,
    async download() {
      located.downloads += 1;
      return Buffer.from(name.padEnd(1_000, '.'));
    },
  };
  return located;
}

describe('archives on disk', () => {
  it('are downloaded once for all who ask at one time or later', async () => {
    const store = storeOf();
    const thing = chart('thing');
    await Promise.all(Array.from({ length: 20 }, () => store.fetch(thing, {})));
    await store.fetch(thing, {});
    expect(thing.downloads).toBe(1);
    await store.fetch(thing, { fresh: true });
    expect(thing.downloads).toBe(2);
  });

  it('go, the least recently used first, when they take too much', async () => {
    const store = storeOf();
    const [a, b, c] = [chart('a'), chart('b'), chart('c')];
    const first = await store.fetch(a, {});
    now += 20 * minute;
    const second = await store.fetch(b, {});
    now += 20 * minute;
    await store.path(first);
    now += 20 * minute;
    const third = await store.fetch(c, {});
    expect([await store.path(first), await store.path(second), await store.path(third)]).toEqual([
      join(folder, `${first}.tgz`),
      undefined,
      join(folder, `${third}.tgz`),
    ]);
    expect(await store.fetch(b, {})).toBe(second);
    expect(b.downloads).toBe(2);
  });

  it('stay while they are in use, whatever they take', async () => {
    const store = storeOf();
    const digests: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) digests.push(await store.fetch(chart(name), {}));
    expect((await Promise.all(digests.map((digest) => store.path(digest)))).filter(Boolean)).toHaveLength(5);
  });

  it('go after a week in which nobody used them, also those of a former process and halves of downloads', async () => {
    const before = storeOf();
    const old = await before.fetch(chart('old'), {});
    const used = await before.fetch(chart('used'), {});
    await writeFile(join(folder, 'x.1234.part'), 'half');
    now += 5 * day;
    const store = storeOf();
    await store.path(used);
    now += 3 * day;
    await store.fetch(chart('new'), {});
    expect(await store.path(old)).toBeUndefined();
    expect(await store.path(used)).toBeDefined();
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('that were linked to outlive their removal', async () => {
    const store = storeOf({ maxBytes: 0 });
    const path = (await store.path(await store.fetch(chart('a'), {}))) ?? '';
    await link(path, join(folder, 'kept'));
    now += day;
    await store.fetch(chart('b'), {});
    await expect(readFile(path)).rejects.toThrow(/ENOENT/);
    expect((await readFile(join(folder, 'kept'))).length).toBe(1_000);
  });
});
