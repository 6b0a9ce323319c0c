import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sshServer } from '../test-support/ssh-server.ts';
import type { RepositoryAccess } from '../types.ts';
import { answerFor } from './credential-server.ts';
import { lendAccess } from './lend-access.ts';

let repository: GitRepository;
let folder: string;
beforeAll(async () => {
  repository = await gitRepository();
  repository.write('a', 'a');
  await repository.commit();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-lend-'));
});
afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** `git ls-remote` of a URL by a process that has been lent the access. */
async function list(access: RepositoryAccess, url = access.url): Promise<string> {
  const ambient = { PATH: process.env['PATH'] ?? '', HOME: folder };
  await using borrowed = await lendAccess(access, join(folder, 'loan'), ambient);
  const env = { ...ambient, ...borrowed.environment };
  expect(Object.values(env).join('\n')).not.toMatch(/secret|PRIVATE KEY/);
  return (await promisify(execFile)('git', ['ls-remote', url, 'HEAD'], { env })).stdout;
}

it('lends user and password, with the certificates that the server wants, and takes all back', async () => {
  const login = { username: 'u', password: 'secret' };
  await using server = await gitHttpServer({ folder: repository.folder, ...login, tls: 'mutual' });
  const { certificateAuthority = '', clientCertificate } = server;
  const access: RepositoryAccess = {
    url: server.repositoryUrl(repository),
    ...login,
    certificateAuthority,
    tlsClientCert: clientCertificate?.certificate ?? '',
    tlsClientKey: clientCertificate?.key ?? '',
  };
  expect(await list(access)).toMatch(/\tHEAD$/m);
  expect(await list({ ...access, url: access.url.replace(/\.git$/, '') }, access.url)).toMatch(/\tHEAD$/m);
  expect(await readdir(folder)).toEqual([]);
  await expect(list({ ...access, password: 'wrong secret' })).rejects.toThrow(/Authentication failed/);
});

it('lends an ssh key for the host of the repository', async () => {
  await using server = await sshServer();
  const url = `ssh://${server.user}@127.0.0.1:${server.port}${repository.folder}`;
  const access = { url, sshPrivateKey: server.key, sshKnownHosts: server.knownHosts };
  expect(await list(access)).toMatch(/\tHEAD$/m);
  await expect(list({ ...access, url: url.replace('127.0.0.1', 'elsewhere.invalid') }, url)).rejects.toThrow(
    /Host key verification failed|Permission denied/,
  );
});

it.each([
  ['https', 'h.example', 'team/app.git', true],
  ['https', 'h.example', 'team/app', true],
  ['https', 'h.example', 'team/app.git/info/lfs', true],
  ['https', 'h.example', 'team/other.git', false],
  ['https', 'h.example', 'team/app.git/../other.git', false],
  ['https', 'h.example:444', 'team/app.git', false],
  ['http', 'h.example', 'team/app.git', false],
  ['https', 'h.example.evil', 'team/app.git', false],
  ['https', 'h.example', '', false],
])('answers %s://%s/%s: %s', (protocol, host, path, answers) => {
  const access = { url: 'https://h.example/team/app.git', username: 'u', password: 'p' };
  const answer = answerFor(access, `capability[]=authtype\nprotocol=${protocol}\nhost=${host}\npath=${path}\n`);
  expect(answer).toBe(answers ? 'username=u\npassword=p\n' : '');
});
