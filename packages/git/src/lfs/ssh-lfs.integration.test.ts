import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import { type LfsServer, lfsServer, pointerTo } from '../test-support/lfs-server.ts';
import { type SshServer, sshServer } from '../test-support/ssh-server.ts';
import type { Mirror } from '../types.ts';

const content = 'a large file\n';
const authorization = `Basic ${Buffer.from('token:for-an-hour').toString('base64')}`;

describe('a file under LFS of a repository over ssh', { timeout: 60_000 }, () => {
  let ssh: SshServer;
  let http: LfsServer;
  let repository: GitRepository;
  let folder: string;
  let mirror: Mirror;

  beforeAll(async () => {
    ssh = await sshServer();
    http = await lfsServer();
    http.objects.set(createHash('sha256').update(content).digest('hex'), Buffer.from(content));
    repository = await gitRepository();
    await repository.write('a.bin', pointerTo(content)).commit();
  }, 120_000);
  afterAll(async () => {
    await ssh?.[Symbol.asyncDispose]();
    await http?.[Symbol.asyncDispose]();
    await repository?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-ssh-lfs-'));
    const url = `ssh://${ssh.user}@127.0.0.1:${ssh.port}${repository.folder}`;
    const access = { url, sshPrivateKey: ssh.key, sshKnownHosts: ssh.knownHosts, enableLfs: true };
    mirror = await createGitBackend({ name: 'native', logger: silentLogger }).open(access, folder);
  });
  afterEach(async () => {
    await mirror.close();
    await rm(folder, { recursive: true, force: true });
  });

  const read = async (): Promise<string> => {
    const { commit } = await mirror.resolve('main');
    const [entry] = await mirror.readTree(await mirror.rootTree(commit));
    return Buffer.from(await mirror.readBlob(entry?.oid ?? '')).toString();
  };

  test('is refused with the words of the server where that knows nothing of LFS', async () => {
    await expect(read()).rejects.toMatchObject({
      code: 'GIT_LFS_OBJECT',
      message: expect.stringContaining('No such file'),
      hint: expect.stringContaining('git-lfs-authenticate'),
    });
  });

  test('comes from the address and with the header that the server says, and leaves no key behind', async () => {
    await ssh.answerLfs(
      JSON.stringify({ href: `${http.url}/x.git/info/lfs`, header: { Authorization: authorization } }),
    );
    expect(await read()).toBe(content);
    expect(http.requests[0]).toEqual({ path: '/x.git/info/lfs/objects/batch', authorization });
    expect((await ssh.lfsCommands()).at(-1)).toBe(`git-lfs-authenticate '${repository.folder}' download`);
    expect((await readdir(join(folder, 'lfs'))).filter((name) => name.startsWith('ssh-'))).toEqual([]);
  });

  test('is never asked for at a metadata address', async () => {
    await ssh.answerLfs(JSON.stringify({ href: 'http://169.254.169.254/lfs' }));
    await expect(read()).rejects.toMatchObject({ code: 'GIT_ADDRESS_FORBIDDEN' });
  });
});
