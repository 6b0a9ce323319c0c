import { expect, test } from 'vitest';
import { endpointAccess, endpointOf } from './endpoint.ts';

test.each([
  ['[lfs]\n\turl = https://lfs.example/app/\n', 'https://lfs.example/app'],
  ['[LFS] URL = "https://lfs.example/a;b" ; a comment', 'https://lfs.example/a;b'],
  ['[remote "origin"]\n lfsurl = https://one\n[lfs]\n url = https://two', 'https://two'],
  ['[remote "origin"]\n lfsurl = https://one\n[remote "other"]\n lfsurl = https://two', 'https://one'],
  ['[lfs "https://x"]\n url = https://two\n access = basic', undefined],
  ['[lfs]\n fetchexclude = *', undefined],
  ['', undefined],
])('%j names the endpoint %s', (text, endpoint) => expect(endpointOf(text)).toBe(endpoint));

const own = {
  url: 'https://git.example/team/app',
  username: 'u',
  password: 'p',
  tlsClientKey: 'k',
  proxy: 'http://proxy',
};

test.each([
  ['https://git.example/lfs', { ...own, url: 'https://git.example/lfs' }],
  ['https://git.example:8443/lfs', { url: 'https://git.example:8443/lfs', foreign: true, proxy: 'http://proxy' }],
  ['http://git.example/lfs', { url: 'http://git.example/lfs', foreign: true, proxy: 'http://proxy' }],
  [
    'https://me:word@lfs.example/x',
    { url: 'https://lfs.example/x', foreign: true, proxy: 'http://proxy', username: 'me', password: 'word' },
  ],
  ['ssh://git@git.example/app', undefined],
  ['file:///var/lfs', undefined],
])('a repository over https asks %s with %j', (endpoint, access) =>
  expect(endpointAccess(own, endpoint)).toEqual(access),
);

test.each([
  ['git@git.example:other/app', true],
  ['ssh://git@git.example/other', true],
  ['git@elsewhere.example:app', false],
])('a repository over ssh shows its key to %s: %s', (endpoint, shown) => {
  const access = endpointAccess({ url: 'git@git.example:team/app', sshPrivateKey: 'key' }, endpoint);
  expect(access?.sshPrivateKey === 'key').toBe(shown);
});
