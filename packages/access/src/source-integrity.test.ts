import { type AppProject, appProjectSchema } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { requiredSignatures } from './source-integrity.ts';

function project(spec: object): AppProject {
  return appProjectSchema.parse({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'team' },
    spec,
  });
}

const policy = (mode: string, ...urls: string[]) => ({
  repos: urls.map((url) => ({ url })),
  gpg: { mode, keys: ['A'] },
});
const policies = (...all: object[]) => project({ sourceIntegrity: { git: { policies: all } } });
const url = 'https://git.example.com/group/app.git';

it('is nothing without rules, and without a project', () => {
  expect(requiredSignatures(project({}), url)).toEqual({ kind: 'none' });
  expect(requiredSignatures(project({ signatureKeys: [] }), url)).toEqual({ kind: 'none' });
  expect(requiredSignatures(undefined, url)).toEqual({ kind: 'none' });
});

it('is the commit or tag, by one of signatureKeys, at every repository', () => {
  const legacy = project({ signatureKeys: [{ keyID: 'A' }, { keyID: 'B' }] });
  expect(requiredSignatures(legacy, url)).toEqual({ kind: 'signed', mode: 'head', keys: ['A', 'B'] });
});

it('is what sourceIntegrity says where there are signatureKeys too', () => {
  const both = project({
    signatureKeys: [{ keyID: 'B' }],
    sourceIntegrity: { git: { policies: [policy('strict', '*')] } },
  });
  expect(requiredSignatures(both, url)).toEqual({ kind: 'signed', mode: 'strict', keys: ['A'] });
});

describe('a policy concerns a repository', () => {
  it.each([
    ['by a glob that crosses slashes', ['https://git.example.com/*'], url, true],
    ['not of another host', ['https://other.example.com/*'], url, false],
    ['by one of several globs', ['https://other.example.com/*', '*/app.git'], url, true],
    ['not where a glob excludes it, in any order', ['!*/app.git', '*'], url, false],
    ['by nothing but exclusions: no', ['!https://other.example.com/*'], url, false],
    ['with the host in capitals', ['https://git.example.com/*'], 'https://GIT.example.com/group/app', true],
    ['without .git in the URL', [url], 'https://git.example.com/group/app/', true],
    ['by another spelling of what is excluded', ['*', `!${url}`], 'https://git.example.com/group/app', true],
  ])('%s', (_case, urls, repoURL, concerned) => {
    const { kind } = requiredSignatures(policies(policy('head', ...urls)), repoURL);
    expect(kind).toBe(concerned ? 'signed' : 'none');
  });
});

it('is nothing in the mode none', () => {
  expect(requiredSignatures(policies(policy('none', '*')), url)).toEqual({ kind: 'none' });
});

it('is invalid with several policies for one repository, and in an unknown mode', () => {
  const two = policies(policy('none', '*'), policy('head', 'https://git.example.com/*'));
  expect(requiredSignatures(two, url)).toEqual({
    kind: 'invalid',
    problem: expect.stringContaining('2 sourceIntegrity'),
  });
  const odd = policies(policy('heads', '*'));
  expect(requiredSignatures(odd, url)).toEqual({ kind: 'invalid', problem: expect.stringContaining('"heads"') });
});
