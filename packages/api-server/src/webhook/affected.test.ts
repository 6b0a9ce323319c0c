import type { Application } from '@plumbline/apis';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { filesConcerned, isAffected, placeOf, revisionConcerned } from './affected.ts';
import { mergedEvent, type PushEvent } from './push-event.ts';

const event = (change: Partial<PushEvent> = {}): PushEvent => ({
  urls: ['https://git.example/org/repo'],
  revision: 'main',
  touchesHead: true,
  ...change,
});
const app = (repoURL: string, more: object = {}): Application => {
  const made = application({ name: 'a', namespace: 'argocd', repoURL, destinationNamespace: 'n' });
  return { ...made, spec: { ...made.spec, source: { repoURL, path: 'apps/a', ...more } } };
};

describe('the place of a repository', () => {
  it.each([
    'https://git.example/org/repo',
    'https://git.example/org/repo.git',
    'https://git.example/org/repo/',
    'http://user:pw@GIT.example:8443/Org/Repo.git',
    'ssh://git@git.example:2222/org/repo',
    'git@git.example:org/repo.git',
    'ssh://git@ssh.git.example/org/repo',
    'ssh://git@altssh.git.example:443/org/repo.git',
  ])('is the same for %s', (url) => expect(placeOf(url)).toBe('git.example/org/repo'));

  it.each([
    'https://dev.azure.com/org/proj/_git/repo',
    'https://org@dev.azure.com/org/proj/_git/repo',
    'git@ssh.dev.azure.com:v3/org/proj/repo',
  ])('is the same for %s of Azure DevOps', (url) => expect(placeOf(url)).toBe('dev.azure.com/org/proj/repo'));

  it.each(['', '://', 'http://[', 'nonsense', 'https://git.example/', '.*', 'http://%/x'])('is none for %j', (url) =>
    expect(placeOf(url)).toBeUndefined(),
  );
});

describe('a push concerns a revision', () => {
  it.each([
    [undefined, {}, true],
    ['HEAD', {}, true],
    ['HEAD', { touchesHead: false }, false],
    ['main', { touchesHead: false }, true],
    ['refs/heads/main', {}, true],
    ['other', {}, false],
    ['mai', {}, false],
    ['1.x', { revision: 'v1.4.0' }, true],
    ['1.x', { revision: 'v2.0.0' }, false],
    ['>=1.0.0', {}, false],
    ['v1.4.0', { revision: 'v1.4.0', touchesHead: false }, true],
    ['f'.repeat(40), {}, false],
  ])('%s by %j: %s', (target, change, expected) => expect(revisionConcerned(target, event(change))).toBe(expected));
});

describe('files concern a source', () => {
  const source = { repoURL: 'r', path: 'apps/a' };
  it.each([
    [undefined, ['other'], true],
    ['.', undefined, true],
    ['.', ['apps/a/x.yaml'], true],
    ['.', ['apps/ab/x.yaml'], false],
    ['.', ['apps/b/x.yaml'], false],
    ['/shared', ['shared/x'], true],
    ['../shared;.', ['apps/shared/x'], true],
    ['/', ['anything'], true],
    ['/charts/*/values.yaml', ['charts/one/values.yaml'], true],
    ['/charts/*/values.yaml', ['charts/one/other.yaml'], false],
    ['../../../../etc', ['etc/x'], true],
  ])('%s with %j: %s', (paths, files, expected) => expect(filesConcerned(paths, source, files)).toBe(expected));
});

describe('a push concerns an Application', () => {
  it('by any of its sources, whole', () => {
    const made = app('https://git.example/org/other');
    const sources = [
      { repoURL: 'https://git.example/org/other', path: 'a', targetRevision: 'main' },
      { repoURL: 'git@git.example:org/repo', path: 'a', targetRevision: 'dev' },
    ];
    const { source: _, ...spec } = made.spec;
    const several = { ...made, spec: { ...spec, sources } };
    expect(isAffected(several, event())).toBe(false);
    expect(isAffected(several, event({ revision: 'dev' }))).toBe(true);
  });

  it('never by a pattern or by a part of an address', () => {
    for (const url of ['https://git.example/org/.*', 'https://.*/org/repo', 'https://git.example/org', '']) {
      expect(isAffected(app('https://git.example/org/repo'), event({ urls: [url] }))).toBe(false);
    }
    expect(isAffected(app('https://evil.example/git.example/org/repo'), event())).toBe(false);
  });

  it('by the tag of an image or chart in a registry', () => {
    const pushed = event({
      urls: ['oci://ghcr.io/org/charts/web'],
      revision: '1.2.0',
      touchesHead: false,
      artifact: true,
    });
    expect(isAffected(app('oci://ghcr.io/org/charts/web', { targetRevision: '1.x' }), pushed)).toBe(true);
    expect(isAffected(app('ghcr.io/org/charts', { chart: 'web', targetRevision: '1.2.0' }), pushed)).toBe(true);
    expect(isAffected(app('ghcr.io/org/charts', { chart: 'web', targetRevision: '2.x' }), pushed)).toBe(false);
  });
});

it('two pushes of one ref are one that names all files, or none where one does not say', () => {
  expect(mergedEvent(event({ files: ['a', 'b'] }), event({ files: ['b', 'c'] })).files).toEqual(['a', 'b', 'c']);
  expect(mergedEvent(event({ files: ['a'] }), event()).files).toBeUndefined();
});
