import { describe, expect, it } from 'vitest';
import {
  type ApplicationSpec,
  hasMultipleSources,
  isErrorCondition,
  normalizeRepoURL,
  normalizeSpec,
  parseDuration,
  sameRepo,
  sourcesOf,
} from './index.ts';

describe('parseDuration', () => {
  it.each([
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['.5m', 30_000],
    ['2m0s', 120_000],
    ['1us', 0.001],
    ['-5s', -5000],
    ['0', 0],
    ['180', 180_000],
    [' 20 ', 20_000],
  ])('reads %j as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 9);
  });

  it.each(['', 'soon', '5 s', '1d', 's', '5m3', '1h-5m'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });
});

const destination = { name: 'in-cluster' };
const source = { repoURL: 'https://git.example.com/one', path: 'a' };
const spec = (more: Partial<ApplicationSpec>): ApplicationSpec => ({ project: 'p', destination, ...more });
const hydrator = {
  drySource: { repoURL: 'https://git.example.com/dry', targetRevision: 'main', path: 'd' },
  syncSource: { targetBranch: 'env', path: 'w' },
};

describe('sourcesOf', () => {
  it('takes the one source', () => expect(sourcesOf(spec({ source }))).toEqual([source]));
  it('has none where none is named', () => expect(sourcesOf(spec({}))).toEqual([]));
  it('prefers sources', () => {
    const both = spec({ source, sources: [{ repoURL: 'x' }] });
    expect(sourcesOf(both)).toEqual([{ repoURL: 'x' }]);
    expect(hasMultipleSources(both)).toBe(true);
  });
  it('ignores an empty list of sources', () => {
    expect(sourcesOf(spec({ source, sources: [] }))).toEqual([source]);
    expect(hasMultipleSources(spec({ source, sources: [] }))).toBe(false);
  });
  it('prefers the branch of a hydrator over both, in its own repository by default', () => {
    const all = spec({ source, sources: [source], sourceHydrator: hydrator });
    expect(sourcesOf(all)).toEqual([{ repoURL: 'https://git.example.com/dry', targetRevision: 'env', path: 'w' }]);
    expect(hasMultipleSources(all)).toBe(false);
  });
  it('takes the repository that the sync source names', () => {
    const syncSource = { ...hydrator.syncSource, repoURL: 'https://git.example.com/wet' };
    expect(sourcesOf(spec({ sourceHydrator: { ...hydrator, syncSource } }))[0]?.repoURL).toBe(
      'https://git.example.com/wet',
    );
  });
});

describe('normalizeSpec', () => {
  it('names the default project', () => expect(normalizeSpec(spec({ project: '' })).project).toBe('default'));

  it.each([
    ['an empty syncPolicy', { syncPolicy: {} }, {}],
    ['a syncPolicy with empty options', { syncPolicy: { syncOptions: [] } }, {}],
    [
      'empty tool options',
      { source: { ...source, helm: {}, kustomize: { images: [] }, directory: { recurse: false } } },
      { source },
    ],
    ['empty tool options of sources', { sources: [{ ...source, kustomize: {} }] }, { sources: [source] }],
  ])('drops %s', (_, before, after) => {
    expect(normalizeSpec(spec(before))).toEqual(spec(after));
  });

  it.each([
    ['automation without members', { syncPolicy: { automated: {} } }],
    ['a retry without members', { syncPolicy: { retry: {} } }],
    ['values of the user, whatever they are', { source: { ...source, helm: { valuesObject: { a: '' } } } }],
    ['plugin options', { source: { ...source, plugin: {} } }],
  ])('keeps %s', (_, more) => {
    expect(normalizeSpec(spec(more))).toEqual(spec(more));
  });
});

describe('normalizeRepoURL', () => {
  it.each([
    ['https://Git.Example.com/Org/Repo.git', 'https://git.example.com/org/repo'],
    ['https://git.example.com/org/repo/', 'https://git.example.com/org/repo'],
    ['https://git.example.com/org/repo.git/', 'https://git.example.com/org/repo'],
    ['git@git.example.com:org/repo.git', 'git@git.example.com/org/repo'],
    ['ssh://git@git.example.com/org/repo', 'git@git.example.com/org/repo'],
    ['ssh://git@git.example.com:2222/org/repo', 'git@git.example.com:2222/org/repo'],
    ['file:///srv/repo', 'file:///srv/repo'],
    ['*', '*'],
    ['https://git.example.com/*', 'https://git.example.com/*'],
  ])('writes %s as %s', (url, expected) => expect(normalizeRepoURL(url)).toBe(expected));

  it('tells repositories apart by host and path', () => {
    expect(sameRepo('git@h:o/r.git', 'ssh://git@h/o/r')).toBe(true);
    expect(sameRepo('https://h/o/r', 'https://h/o/r2')).toBe(false);
  });
});

describe('isErrorCondition', () => {
  it.each([
    ['SyncError', true],
    ['OrphanedResourceWarning', false],
  ])('%s: %s', (type, expected) => expect(isErrorCondition(type)).toBe(expected));
});
