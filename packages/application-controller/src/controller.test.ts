import { type Application, annotations } from '@plumbline/apis';
import { trackingName } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { keyOfTracking } from './concerned-applications.ts';
import { levelOfChange } from './level-of-change.ts';
import { levels } from './queue/keyed-queue.ts';
import { shop, source } from './test-support/builders.ts';

const spec = (more: object) => shop({ spec: { ...shop().spec, ...more } });
const notes = (more: Record<string, string>) => shop({ metadata: { annotations: more } });
const state = (phase: string) =>
  ({ operationState: { operation: {}, phase, startedAt: '' } }) as unknown as Application['status'] & object;

it.each<[string, Application, Application | undefined, number | undefined]>([
  ['nothing where nothing changed', shop(), shop(), undefined],
  ['a refresh for one that is new', shop(), undefined, levels.refresh],
  ['a refresh for one made anew', shop({ metadata: { uid: 'other' } }), shop(), levels.refresh],
  ['everything for a refresh annotation', notes({ [annotations.refresh]: 'normal' }), shop(), levels.force],
  [
    'nothing for one that has stood there',
    notes({ [annotations.refresh]: 'normal' }),
    notes({ [annotations.refresh]: 'normal' }),
    undefined,
  ],
  [
    'everything when reconciling is taken up again',
    shop(),
    notes({ [annotations.skipReconcile]: 'true' }),
    levels.force,
  ],
  ['everything for another source', spec({ source: { ...source, path: 'api' } }), shop(), levels.force],
  ['everything for another destination', spec({ destination: { name: 'x' } }), shop(), levels.force],
  ['everything for another project', spec({ project: 'team' }), shop(), levels.force],
  ['everything for an operation', shop({ operation: { sync: {} } }), shop(), levels.force],
  ['nothing when the operation is over', shop(), shop({ operation: { sync: {} } }), undefined],
  [
    'a comparison when the operation is taken back',
    shop({ status: state('Running') }),
    shop({ status: state('Running'), operation: { sync: {} } }),
    levels.compare,
  ],
  ['a comparison for another policy', spec({ syncPolicy: { automated: {} } }), shop(), levels.compare],
  ['a comparison for other rules', spec({ ignoreDifferences: [{ kind: 'Job' }] }), shop(), levels.compare],
  [
    'a comparison for a deletion',
    shop({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    shop(),
    levels.compare,
  ],
  ['a comparison for an approval', notes({ [annotations.deletionApproved]: 'now' }), shop(), levels.compare],
  ['a comparison for finalizers', shop({ metadata: { finalizers: ['x'] } }), shop(), levels.compare],
  [
    'a comparison for a termination',
    shop({ status: state('Terminating') }),
    shop({ status: state('Running') }),
    levels.compare,
  ],
  ['nothing for labels', shop({ metadata: { labels: { team: 'web' } } }), shop(), undefined],
  ['nothing for what a pass reports', shop({ status: { reconciledAt: 'now' } }), shop(), undefined],
])('a change asks for %s', (_case, after, before, level) => {
  expect(levelOfChange(before, after)).toBe(level);
});

it.each([
  ['argocd', 'shop'],
  ['team-a', 'shop'],
])('finds the Application that objects are tracked under: %s/%s', (appNamespace, appName) => {
  const name = trackingName({ appNamespace, appName, controlNamespace: 'argocd' });
  expect(keyOfTracking(name, 'argocd')).toBe(`${appNamespace}/${appName}`);
});
