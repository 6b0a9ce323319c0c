import { describe, expect, it } from 'vitest';
import { candidateAccess } from './candidate-access.ts';
import { readSnapshot } from './snapshot.ts';

const template = {
  name: 't',
  labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
  annotations: {},
  data: { url: 'https://git.example/org', username: 'bot', password: 'templated' },
};
const stored = {
  name: 'r',
  labels: { 'argocd.argoproj.io/secret-type': 'repository' },
  annotations: {},
  data: { url: 'https://git.example/org/r', username: 'bot', password: 'stored' },
};
const typedSecrets = new Map([template, stored].map((secret) => [secret.name, secret]));
const snapshot = readSnapshot({ configMaps: new Map(), secrets: new Map(), typedSecrets }, new Map());
const access = (data: Record<string, string>) => candidateAccess(data, { ...snapshot, project: 'default' });

describe('the access of a Secret that is not stored yet', () => {
  it('has its own credentials, never those of the stored one', () => {
    const url = 'https://git.example/org/r';
    expect(access({ url, username: 'me', password: 'new' })).toMatchObject({ username: 'me', password: 'new' });
    expect(access({ url: 'https://elsewhere.example/r' })).toEqual({ url: 'https://elsewhere.example/r' });
  });

  it('takes those of a template where it has none', () => {
    expect(access({ url: 'https://git.example/org/r' })).toMatchObject({ password: 'templated' });
  });

  it('names the key that is wrong, without its value', () => {
    expect(() => access({ url: 'https://git.example/r', depth: 'secret' })).toThrow(/^depth: (?!.*secret)/);
    expect(() => access({ url: '' })).toThrow(/url/);
  });
});
