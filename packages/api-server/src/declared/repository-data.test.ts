import { repositoryInputSchema } from '@plumbline/protocol';
import { describe, expect, it } from 'vitest';
import { secretName } from './labelled-secrets.ts';
import { repoCredsData, repoCredsOf, repositoryData, repositoryOf, sameData } from './repository-data.ts';

const full = {
  repo: 'https://git.example/r',
  type: 'git' as const,
  username: 'bob',
  password: 'canary',
  sshPrivateKey: 'canary',
  tlsClientCertKey: 'canary',
  githubAppPrivateKey: 'canary',
  githubAppID: 12,
  enableLfs: true,
  insecure: false,
  depth: 3,
  project: 'team',
};

describe('a repository as a Secret', () => {
  it('has the keys of Argo CD, and nothing for what is not said', () => {
    expect(repositoryData(full)).toEqual({
      url: full.repo,
      type: 'git',
      username: 'bob',
      password: 'canary',
      sshPrivateKey: 'canary',
      tlsClientCertKey: 'canary',
      githubAppPrivateKey: 'canary',
      githubAppID: '12',
      enableLfs: 'true',
      depth: '3',
      project: 'team',
    });
  });

  it('comes back without any credential', () => {
    const shown = repositoryOf(repositoryData(full));
    expect(shown).toMatchObject({ repo: full.repo, username: 'bob', githubAppID: 12, enableLfs: true, depth: 3 });
    expect(JSON.stringify(shown)).not.toContain('canary');
  });

  it('has credentials of the address where credentials belong', () => {
    const data = repositoryData({ repo: 'https://bob:can%20ary@git.example/r' });
    expect(data).toEqual({ type: 'git', url: 'https://git.example/r', username: 'bob', password: 'can ary' });
    expect(repositoryOf({ url: 'https://bob:canary@git.example/r' }).repo).toBe('https://git.example/r');
  });

  it.each([
    [{ repo: ' ' }, /repo/],
    [{ repo: 'https://charts.example', type: 'helm' as const }, /name/],
  ])('is refused where something is missing: %j', (input, message) => {
    expect(() => repositoryData(input)).toThrow(message);
  });

  it('takes numbers as texts, as clients of 64-bit fields send them', () => {
    expect(repositoryInputSchema.parse({ repo: 'x', githubAppID: '77' })).toMatchObject({ githubAppID: 77 });
    expect(repositoryInputSchema.safeParse({ repo: 'x', type: 'zzz' }).success).toBe(false);
  });

  it('is named by FNV-1a, as Argo CD names it', () => {
    expect(secretName('repo', 'foobar')).toBe('repo-3214735720');
    expect(secretName('repo', 'foo', 'bar')).toBe('repo-3214735720');
    expect(secretName('x', '')).toBe('x-2166136261');
  });
});

describe('a credential template as a Secret', () => {
  it('writes the keys of Azure as templates have them', () => {
    const data = repoCredsData({ url: 'https://git.example/', azureServicePrincipalClientId: 'c', password: 'canary' });
    expect(data).toEqual({ url: 'https://git.example/', azureServicePrincipalClientID: 'c', password: 'canary' });
    expect(repoCredsOf(data)).toEqual({ url: 'https://git.example/', azureServicePrincipalClientId: 'c' });
  });
});

it('compares declarations without regard to what they leave out', () => {
  expect(sameData({ url: 'u', username: '' }, { url: 'u', type: 'git' })).toBe(true);
  expect(sameData({ url: 'u', password: 'a' }, { url: 'u', password: 'b' })).toBe(false);
});
