import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { type LfsServer, lfsServer, pointerTo } from '../test-support/lfs-server.ts';
import type { Mirror, RepositoryAccess } from '../types.ts';
import { withLfs } from './with-lfs.ts';

const login = { username: 'reader', password: 's3cret-word' };
const content = 'large: content\n';
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a file under LFS', { timeout: 30_000 }, () => {
  let repository: GitRepository;
  let server: LfsServer;
  let folder: string;
  let plain: Mirror;
  let blob: string;

  beforeEach(async () => {
    repository = await gitRepository();
    const commit = await repository.write('a.yaml', pointerTo(content)).write('plain.yaml', 'version https\n').commit();
    folder = await mkdtemp(join(tmpdir(), 'plumbline-lfs-'));
    server = await lfsServer(login);
    server.objects.set(digestOf(content), Buffer.from(content));
    plain = await createGitBackend({ logger: silentLogger }).open({ url: repository.url }, join(folder, 'mirror'));
    await plain.ensureCommit(commit);
    blob = await idOf('a.yaml', commit);
  });
  afterEach(async () => {
    await plain.close();
    await server[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const idOf = async (name: string, commit: string): Promise<string> => {
    const entries = await plain.readTree(await plain.rootTree(commit));
    return entries.find((entry) => entry.name === name)?.oid ?? '';
  };
  /** The same objects, with LFS by the server. */
  const over = (access: Partial<RepositoryAccess> = {}, maxBytes?: number): Mirror =>
    withLfs(plain, {
      access: { url: `${server.url}/team/app`, ...login, ...access },
      folder: join(folder, 'objects'),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
  const read = async (mirror: Mirror, oid = blob) => Buffer.from(await mirror.readBlob(oid)).toString();

  test('is read from the server with the credentials of the repository, once', async () => {
    const mirror = over();
    expect(await Promise.all([read(mirror), read(mirror)])).toEqual([content, content]);
    expect(await mirror.blobSize(blob)).toBe(content.length);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/team/app.git/info/lfs/objects/batch',
      `/storage/${digestOf(content)}`,
    ]);
    expect(await read(over())).toBe(content);
    expect(server.requests).toHaveLength(2);
  });

  test('leaves files that are no pointers alone', async () => {
    const commit = await repository.write('big', 'x'.repeat(2000)).commit();
    await plain.resolve('main');
    expect(await read(over(), await idOf('plain.yaml', commit))).toBe('version https\n');
    expect(await over().blobSize(await idOf('big', commit))).toBe(2000);
    expect(server.requests).toEqual([]);
  });

  test('shows the credentials to no other server', async () => {
    await using other = await lfsServer();
    other.objects.set(digestOf(content), Buffer.from(content));
    server.storage = other.url;
    expect(await read(over())).toBe(content);
    expect(other.requests).toEqual([{ path: `/storage/${digestOf(content)}`, authorization: undefined }]);
  });

  /** The content at a commit whose `.lfsconfig` names an endpoint. */
  const configured = async (endpoint: string, access: Partial<RepositoryAccess> = {}) => {
    const commit = await repository.write('.lfsconfig', `[lfs]\n\turl = "${endpoint}"\n`).commit();
    await plain.resolve('main');
    const mirror = over(access);
    const entries = await mirror.readTree(await mirror.rootTree(commit));
    return read(mirror, entries.find((entry) => entry.name === 'a.yaml')?.oid);
  };

  test('is read from where .lfsconfig says, without the credentials of the repository', async () => {
    await using other = await lfsServer();
    other.objects.set(digestOf(content), Buffer.from(content));
    server.objects.clear();
    expect(await configured(`${other.url}/elsewhere/`)).toBe(content);
    expect(other.requests).toEqual([
      { path: '/elsewhere/objects/batch', authorization: undefined },
      { path: `/storage/${digestOf(content)}`, authorization: undefined },
    ]);
    expect(server.requests).toEqual([]);
  });

  test('is read with them from another place of the same server', async () => {
    expect(await configured(`${server.url}/lfs/all`)).toBe(content);
    expect(server.requests[0]).toMatchObject({
      path: '/lfs/all/objects/batch',
      authorization: expect.stringMatching(/^Basic /),
    });
  });

  test.each([
    ['http://169.254.169.254/lfs', 'GIT_ADDRESS_FORBIDDEN'],
    ['ssh://git@elsewhere.example/app', 'GIT_LFS_OBJECT'],
    ['file:///etc', 'GIT_LFS_OBJECT'],
    ['no address', 'GIT_LFS_OBJECT'],
  ])('is not read from %s', async (endpoint, code) => {
    await expect(configured(endpoint)).rejects.toMatchObject({ code });
    expect(server.requests).toEqual([]);
  });

  test('has another id at a commit with another .lfsconfig', async () => {
    const ids = [];
    for (const endpoint of ['https://a.example', 'https://b.example']) {
      const commit = await repository.write('.lfsconfig', `[lfs]\nurl=${endpoint}`).commit();
      await plain.resolve('main');
      ids.push(await over().rootTree(commit), (await over().readTree(await over().rootTree(commit)))[0]?.oid);
    }
    expect(new Set(ids).size).toBe(4);
  });

  test('is refused with wrong credentials', async () => {
    const failure = await read(over({ password: 'wrong-word' })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'GIT_AUTHENTICATION' });
    expect(String(failure)).not.toContain('wrong-word');
  });

  test.each<[string, () => void]>([
    ['that the server does not have', () => server.objects.clear()],
    ['with other content of the same size', () => server.objects.set(digestOf(content), Buffer.alloc(content.length))],
    ['with more content', () => server.objects.set(digestOf(content), Buffer.alloc(1000))],
  ])('%s is refused by its digest', async (_, change) => {
    change();
    await expect(read(over())).rejects.toMatchObject({
      code: 'GIT_LFS_OBJECT',
      message: expect.stringContaining(digestOf(content).slice(0, 12)),
    });
  });

  test('that is too large is refused before it is asked for', async () => {
    await expect(read(over({}, 4))).rejects.toMatchObject({ code: 'GIT_LFS_OBJECT' });
    expect(server.requests).toEqual([]);
  });

  test('waits for a server that does not answer', async () => {
    await expect(read(over({ url: 'http://127.0.0.1:1/app' }))).rejects.toMatchObject({
      code: 'GIT_UNREACHABLE',
      retry: 'transient',
    });
  });

  test('is read from the folder of a repository on disk, where LFS is switched on', async () => {
    const digest = digestOf(content);
    const objects = join(repository.folder, '.git/lfs/objects', digest.slice(0, 2), digest.slice(2, 4));
    await mkdir(objects, { recursive: true });
    await writeFile(join(objects, digest), content);
    const backend = createGitBackend({ logger: silentLogger });
    const mirror = await backend.open({ url: repository.url, enableLfs: true }, join(folder, 'with-lfs'));
    await mirror.resolve('main');
    expect(await read(mirror)).toBe(content);
    expect(await read(plain)).toBe(pointerTo(content));
    await mirror.close();
  });
});
