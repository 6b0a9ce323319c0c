import { ownAnnotations } from '@plumbline/apis';
import { keyOf } from '@plumbline/manifests';
import { describe, expect, test } from 'vitest';
import { buildPlan } from '../plan/build-plan.ts';
import { changed, object, removed, request, same } from '../testing/builders.ts';
import type { SyncPair } from '../types.ts';
import { defaultBudgets, parseBudget, parseWindowBudget } from './deletion-budget.ts';
import { type DeletionQuery, judgeDeletions } from './judge-deletions.ts';
import { liveWeight, planDeletions } from './plan-deletions.ts';
import { resolveBudgets } from './resolve-budgets.ts';
import { deletionWeight } from './weight.ts';

const context = { kindKnown: () => 'known' as const, permitted: () => undefined };
const maps = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => object(`ConfigMap/m${index + from}`));

function query(pairs: SyncPair[], more: Partial<DeletionQuery> = {}): DeletionQuery {
  const asked = request();
  return {
    deletions: planDeletions(buildPlan(pairs, asked, context), asked),
    total: liveWeight(pairs),
    budget: defaultBudgets.operation,
    window: defaultBudgets.window,
    spent: 0,
    occasion: ['abc'],
    approval: undefined,
    ...more,
  };
}

const held = (asked: DeletionQuery) => {
  const verdict = judgeDeletions(asked);
  if (verdict.allowed) throw new Error('the deletions were allowed');
  return verdict;
};

describe('the gate', () => {
  test.each([
    ['a small Application that goes as a whole', maps(10).map(removed), true],
    ['half of a large one', [...maps(50).map(removed), ...maps(50, 50).map(same)], true],
    ['more than ten objects and more than half', [...maps(11).map(removed), ...maps(9, 11).map(same)], false],
    ['one namespace', [removed(object('Namespace/a'))], true],
    ['two namespaces', [removed(object('Namespace/a')), removed(object('Namespace/b'))], false],
    ['three volumes of five', ['a', 'b', 'c'].map((name) => removed(object(`PersistentVolumeClaim/${name}`))), false],
  ])('judges %s by the default budget', (_, pairs, allowed) => {
    expect(judgeDeletions(query(pairs as SyncPair[])).allowed).toBe(allowed);
  });

  test('says what would go, which budget forbids it, and the digest to approve', () => {
    const { reason, digest } = held(query([removed(object('Namespace/n')), ...maps(12).map(removed)]));
    expect(reason).toBe(
      '13 deletions (12 ConfigMap, 1 Namespace): Namespace/n, ConfigMap/m0, ConfigMap/m1, ConfigMap/m10, ConfigMap/m11 and 8 more: weight 22 of 22 is more than the budget of 10 objects or 50 % for one operation',
    );
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test('opens for the approval of just these deletions on just this occasion', () => {
    const asked = query(maps(20).map(removed));
    const { digest: approval } = held(asked);
    expect(judgeDeletions({ ...asked, approval })).toEqual({ allowed: true, approved: true, digest: approval });
    expect(judgeDeletions({ ...asked, occasion: ['other'], approval }).allowed).toBe(false);
    expect(judgeDeletions({ ...query(maps(21).map(removed)), approval }).allowed).toBe(false);
  });

  test('adds up what was deleted within a time', () => {
    const asked = query(maps(8).map(removed));
    expect(judgeDeletions({ ...asked, spent: 22 }).allowed).toBe(true);
    expect(held({ ...asked, spent: 23 }).reason).toContain('weight 8, after 23 within 60 min, is more than the budget');
  });

  test('lets nothing through with a budget of 0, and everything with none', () => {
    expect(judgeDeletions(query([removed(object('ConfigMap/a'))], { budget: parseBudget('0') })).allowed).toBe(false);
    const all = { budget: parseBudget('none'), window: parseWindowBudget('none') };
    expect(judgeDeletions(query(maps(500).map(removed), all)).allowed).toBe(true);
  });
});

describe('what counts as a deletion', () => {
  const deletions = (pairs: SyncPair[], more = {}) =>
    planDeletions(buildPlan(pairs, request(more), context), request(more)).map(({ key }) => key.name);

  test('is what will really be pruned', () => {
    const pairs = [removed(object('ConfigMap/a')), removed(object('ConfigMap/b', { options: 'Prune=false' }))];
    expect(deletions(pairs)).toEqual(['a']);
    expect(deletions(pairs, { prune: false })).toEqual([]);
  });

  test('is what Force may delete to make it anew, where others go with it', () => {
    const pairs = [changed(object('PersistentVolumeClaim/p')), changed(object('ConfigMap/c'))];
    expect(deletions(pairs, { force: true })).toEqual(['p']);
    expect(deletions(pairs)).toEqual([]);
  });

  test('is what the operation has deleted already', () => {
    const pruned = { ...keyOf(object('ConfigMap/gone')), version: 'v1', status: 'Pruned' as const };
    const plan = buildPlan([removed(object('ConfigMap/a'))], request(), context);
    expect(planDeletions(plan, request(), [pruned]).map(({ key }) => key.name)).toEqual(['gone', 'a']);
  });

  test('an Application that cascades counts as much as it has objects', () => {
    const app = { ...object('Application/web'), status: { resources: Array.from({ length: 40 }, () => ({})) } };
    expect(deletionWeight(keyOf(app), app)).toBe(5);
    app.metadata.finalizers = ['resources-finalizer.argocd.argoproj.io'];
    expect(deletionWeight(keyOf(app), app)).toBe(40);
  });
});

describe('budgets', () => {
  test.each([
    ['10', { weight: 10, share: 0 }],
    ['25%', { weight: 0, share: 0.25 }],
    ['10, 12.5%', { weight: 10, share: 0.125 }],
    ['none', undefined],
  ])('are read from %j', (text, budget) => {
    expect(parseBudget(text)).toEqual(budget);
  });

  test.each(['', 'many', '-1', '120%', '10;50%'])('are not read from %j', (text) => {
    expect(() => parseBudget(text)).toThrow('is not a deletion budget');
  });

  test('over a time are read with it', () => {
    expect(parseWindowBudget('30,100%/2h')).toEqual({ weight: 30, share: 1, windowMs: 7_200_000 });
    for (const text of ['30', '30/soon', 'none/1h']) expect(() => parseWindowBudget(text)).toThrow();
  });

  test('come from the Application before its project, and a slip falls back', () => {
    const { budgets, problems } = resolveBudgets([
      { owner: 'Application web', values: { [ownAnnotations.deletionBudget]: 'plenty' } },
      {
        owner: 'AppProject team',
        values: { [ownAnnotations.deletionBudget]: '3', [ownAnnotations.cascadeBudget]: '7' },
      },
    ]);
    expect(budgets).toEqual({
      ...defaultBudgets,
      operation: { weight: 3, share: 0 },
      cascade: { weight: 7, share: 0 },
    });
    expect(problems).toEqual([
      expect.stringMatching(/^Application web, plumbline.dev\/deletion-budget: "plenty" is not a deletion budget/),
    ]);
  });
});
