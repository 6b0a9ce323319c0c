import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, test } from 'vitest';
import { type DeletionContext, deletionWaves } from './deletion-waves.ts';
import { object, widgetDefinition } from './testing/builders.ts';

const context: DeletionContext = {
  syncOptions: [],
  self: { group: 'argoproj.io', kind: 'Application', namespace: 'web', name: 'root' },
  deletionTimestamp: '2026-01-01T00:00:00Z',
  deletionApproved: undefined,
  permitted: () => undefined,
};

function plan(objects: KubeObject[], more: Partial<DeletionContext> = {}) {
  const { waves, kept, unconfirmed } = deletionWaves(objects, { ...context, ...more });
  const names = (list: readonly KubeObject[]) => list.map(({ metadata }) => metadata.name);
  return {
    waves: waves.map(({ wave, objects: members }) => [wave, names(members)]),
    kept: names(kept.map((entry) => entry.object)),
    unconfirmed: names(unconfirmed),
  };
}

const map = (name: string, notes?: Record<string, string>) => object(`ConfigMap/${name}`, notes);

describe('a cascade deletion', () => {
  test('goes from the highest wave to the lowest', () => {
    const objects = [
      map('zero'),
      map('five', { wave: '5' }),
      map('minus', { wave: '-1' }),
      map('five-too', { wave: '5' }),
    ];
    expect(plan(objects).waves).toEqual([
      [5, ['five', 'five-too']],
      [0, ['zero']],
      [-1, ['minus']],
    ]);
  });

  test.each<[string, KubeObject, Partial<DeletionContext>]>([
    ['definitions', widgetDefinition, {}],
    ['the Application itself', object('Application/root'), {}],
    ['what the option of the object keeps', map('a', { options: 'Prune=false, Delete=false' }), {}],
    ['what the option of the Application keeps', map('a'), { syncOptions: ['Delete=false'] }],
    ['what Helm is to keep', map('a', { 'helm.sh/resource-policy': 'keep' }), {}],
    ['what the project forbids', map('a'), { permitted: () => 'not in this project' }],
  ])('leaves %s', (_, kept, more) => {
    expect(plan([kept], more)).toEqual({ waves: [], kept: [kept.metadata.name], unconfirmed: [] });
  });

  test('takes what the object itself sets free', () => {
    const { kept, waves } = plan([map('kept'), map('free', { options: 'Delete=true' })], {
      syncOptions: ['Delete=false'],
    });
    expect([kept, waves]).toEqual([['kept'], [[0, ['free']]]]);
  });

  test.each(['Delete=confirm', 'Prune=confirm'])('waits for approval of %s', (options) => {
    const objects = [map('careful', { options }), map('other')];
    expect(plan(objects).unconfirmed).toEqual(['careful']);
    expect(plan(objects, { deletionApproved: '2025-12-31T23:59:59Z' }).unconfirmed).toEqual(['careful']);
    expect(plan(objects, { deletionApproved: '2026-01-01T00:00:00Z' }).unconfirmed).toEqual([]);
    expect(plan([map('other')], { syncOptions: [options] }).unconfirmed).toEqual(['other']);
  });
});
