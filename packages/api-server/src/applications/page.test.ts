import type { Application } from '@plumbline/apis';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { pageOf } from './page.ts';

function app(name: string, health: string, repoURL = 'https://git.example/r'): Application {
  const made = application({ name, namespace: 'argocd', repoURL, destinationNamespace: 'n' });
  return { ...made, status: { health: { status: health }, sync: { status: 'Synced' } } } as Application;
}
const all = [
  app('c', 'Healthy'),
  app('a', 'Degraded'),
  app('b', 'Healthy', 'https://other.example/R'),
  app('d', 'Missing'),
];
const names = (items: Application[]) => items.map(({ metadata }) => metadata.name);

/** All pages one after the other. */
function pages(
  limit: number,
  sort?: string,
  change: (list: Application[]) => Application[] = (list) => list,
): string[][] {
  const found: string[][] = [];
  let token: string | undefined;
  let list = all;
  do {
    const page = pageOf(list, { limit, sort, continue: token });
    found.push(names(page.items));
    token = page.continue;
    list = change(list);
  } while (token !== undefined);
  return found;
}

describe('a page of a list', () => {
  it('is all of it by name where nothing is asked for', () => {
    expect(pageOf(all, {})).toEqual({ items: [all[1], all[2], all[0], all[3]] });
  });

  it.each([
    [1, undefined, [['a'], ['b'], ['c'], ['d']]],
    [3, undefined, [['a', 'b', 'c'], ['d']]],
    [4, undefined, [['a', 'b', 'c', 'd']]],
    [3, '-name', [['d', 'c', 'b'], ['a']]],
    [
      2,
      'health',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      2,
      '-health',
      [
        ['d', 'b'],
        ['c', 'a'],
      ],
    ],
  ])('of %i by %s is followed by the next one', (limit, sort, expected) =>
    expect(pages(limit, sort)).toEqual(expected),
  );

  it('says how many follow', () => {
    expect(pageOf(all, { limit: 1 }).remainingItemCount).toBe(3);
    expect(pageOf(all, { limit: 4 }).remainingItemCount).toBeUndefined();
  });

  it('neither repeats nor hides others when some come and go', () => {
    const added = pages(2, undefined, (list) => [...list, app('aa', 'Healthy')]);
    expect(added).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const gone = pages(2, undefined, (list) => list.filter(({ metadata }) => metadata.name !== 'b'));
    expect(gone).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('holds what a search finds, by all of its words', () => {
    expect(names(pageOf(all, { q: 'OTHER.example' }).items)).toEqual(['b']);
    expect(names(pageOf(all, { q: 'healthy  git.example' }).items)).toEqual(['c']);
    expect(pageOf(all, { q: 'nothing', limit: 1 })).toEqual({ items: [] });
  });

  it.each([[{ sort: 'constructor' }], [{ sort: 'x' }], [{ continue: 'x' }], [{ continue: 'WzFd' }]])(
    'is refused for %j',
    (query) => expect(() => pageOf(all, query)).toThrow(/sort|continue/),
  );
});
