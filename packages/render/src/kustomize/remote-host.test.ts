import { expect, it } from 'vitest';
import { checkRemote, remoteHost } from './remote-host.ts';

it.each([
  ['https://example.org/a.yaml', 'example.org'],
  ['https://user:word@example.org:8443/org/repo//path?ref=v1', 'example.org'],
  ['git::ssh://git@example.org/org/repo.git', 'example.org'],
  ['git@example.org:org/repo.git//base', 'example.org'],
  ['http://[fe80::1]/a', 'fe80::1'],
  ['http://2852039166/latest', '169.254.169.254'],
  ['HTTP://0xA9.0xFE.0xA9.0xFE/', '169.254.169.254'],
  ['gh:org/repo', undefined],
  ['base', undefined],
])('the host of %s is %s', (reference, host) => {
  expect(remoteHost(reference)).toBe(host);
});

it.each([
  'http://169.254.169.254/latest/meta-data',
  'http://2852039166/latest',
  'git::https://169.254.169.254/org/repo//base?ref=main',
  'git@169.254.169.254:org/repo.git',
  'https://[::ffff:169.254.169.254]/x',
  'https://[fd00:ec2::254]/x',
])('refuses %s', async (reference) => {
  await expect(checkRemote('apps/a', reference)).rejects.toThrow(
    expect.objectContaining({
      code: 'DOWNLOAD_FORBIDDEN',
      message: expect.stringMatching(/^kustomization of apps\/a: .*(link-local or metadata address)/),
    }),
  );
});

it('lets pass other addresses', async () => {
  await checkRemote('apps/a', 'http://127.0.0.1/a.yaml');
});
