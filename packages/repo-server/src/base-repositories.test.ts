import type { Mirror, RepositoryAccess } from '@plumbline/git';
import { expect, it } from 'vitest';
import { createBaseRepositories } from './base-repositories.ts';

const declared: Record<string, RepositoryAccess> = {
  'https://git.test/team/app': {
    url: 'https://git.test/team/app',
    username: 'u',
    password: 'p',
    proxy: 'http://proxy',
  },
  'https://git.test/team/own': { url: 'https://git.test/team/own', bearerToken: 't' },
  'git@ssh.test:team/app': { url: 'git@ssh.test:team/app', sshPrivateKey: 'k' },
};

async function accessTo(url: string, sourceURL: string): Promise<RepositoryAccess | undefined> {
  let opened: RepositoryAccess | undefined;
  const bases = createBaseRepositories({
    sourceURL,
    access: (at) => declared[at] ?? { url: at },
    open: async (access) => {
      opened = access;
      return { resolve: async () => ({ commit: 'c' }) } as unknown as Mirror;
    },
    signal: new AbortController().signal,
  });
  await bases.resolve({ url, ref: 'main', submodules: true });
  return opened;
}

it.each<[string, string, string, Partial<RepositoryAccess>]>([
  [
    'those of the source, on its server',
    'https://git.test/team/base',
    'https://git.test/team/app',
    { username: 'u', password: 'p' },
  ],
  ['its own, where it has some', 'https://git.test/team/own', 'https://git.test/team/app', { bearerToken: 't' }],
  ['none on another server', 'https://other.test/team/base', 'https://git.test/team/app', {}],
  ['none on another port', 'https://git.test:8443/team/base', 'https://git.test/team/app', {}],
  ['none without encryption', 'http://git.test/team/base', 'https://git.test/team/app', {}],
  ['none by another protocol', 'git@git.test:team/base', 'https://git.test/team/app', {}],
  ['the key of the source, by ssh', 'git@ssh.test:team/base', 'git@ssh.test:team/app', { sshPrivateKey: 'k' }],
  ['none on another ssh server', 'git@ssh.other:team/base', 'git@ssh.test:team/app', {}],
])('a base is reached with %s', async (_name, url, sourceURL, expected) => {
  const { username, password, bearerToken, sshPrivateKey } = (await accessTo(url, sourceURL)) ?? {};
  const shown = Object.entries({ username, password, bearerToken, sshPrivateKey }).filter(([, value]) => value);
  expect(Object.fromEntries(shown)).toEqual(expected);
});
