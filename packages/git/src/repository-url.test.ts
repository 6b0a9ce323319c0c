import { describe, expect, test } from 'vitest';
import { authorizationOf, normaliseAccess, normaliseUrl, protocolOf, repositoryDigest } from './repository-url.ts';

test.each([
  ['https://Example.ORG/Team/App.git/', 'https://example.org/Team/App.git'],
  ['https://example.org:443/app', 'https://example.org/app'],
  ['https://user:secret@example.org/app', 'https://example.org/app'],
  ['ssh://git@example.org/app', 'ssh://git@example.org/app'],
  ['git@example.org:team/app.git', 'git@example.org:team/app.git'],
  ['file:///srv/repo/', 'file:///srv/repo'],
])('%s is the repository %s', (url, expected) => {
  expect(normaliseUrl(url)).toBe(expected);
  expect(repositoryDigest(url)).toBe(repositoryDigest(expected));
});

test.each([
  'ext::sh -c id',
  'ext::id',
  '--upload-pack=id',
  'ftp://example.org/x',
  '-oProxyCommand=id:x',
  '/srv/repo',
  '',
  'https://a b',
])('%j is refused', (url) => {
  expect(() => protocolOf(url)).toThrow(expect.objectContaining({ code: 'GIT_URL_INVALID' }));
});

describe('credentials', () => {
  test('leave the URL for their fields, where these are empty', () => {
    const url = 'https://me:s%2Fcret@example.org/app';
    expect(normaliseAccess({ url })).toEqual({ url: 'https://example.org/app', username: 'me', password: 's/cret' });
    expect(normaliseAccess({ url, password: 'other' }).password).toBe('other');
  });

  test.each([
    [{ bearerToken: 't', username: 'u' }, 'Bearer t'],
    [{ username: 'u', password: 'p' }, `Basic ${btoa('u:p')}`],
    [{ password: 'p' }, `Basic ${btoa(':p')}`],
    [{}, undefined],
  ])('%j become the header %s', (access, header) => {
    expect(authorizationOf({ url: 'https://example.org', ...access })).toBe(header);
  });
});
