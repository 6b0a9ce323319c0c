import type { JsonValue, KubeObject, ManagedFieldsEntry } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { explainDifferences } from './explain-differences.ts';
import { normalize } from './normalize.ts';

const manager = 'argocd-controller';
const names = ['k:{"name":"web"}', 'k:{"name":"side"}'] as const;

/** An entry that owns fields of `spec`, `spec.containers[name=web]` as `web`. */
function entry(who: string, fields: string[], more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry {
  const spec: Record<string, object> = {};
  for (const field of fields) {
    if (field === 'web') spec['f:containers'] = { [names[0]]: { '.': {}, 'f:name': {}, 'f:image': {} } };
    else if (field === 'side') spec['f:containers'] = { [names[1]]: { '.': {}, 'f:name': {} } };
    else spec[`f:${field}`] = {};
  }
  return { manager: who, operation: 'Update', time: '2026-01-02T00:00:00Z', fieldsV1: { 'f:spec': spec }, ...more };
}
const ours = (...fields: string[]) => entry(manager, fields, { operation: 'Apply', time: '2026-01-01T00:00:00Z' });

const deployment = (spec: Record<string, JsonValue>, managedFields: ManagedFieldsEntry[] = []): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', managedFields },
  spec,
});

interface Case {
  target: Record<string, JsonValue>;
  live: Record<string, JsonValue>;
  managers: ManagedFieldsEntry[];
  /** Paths that count. */
  counted?: string[];
  predicted?: Record<string, JsonValue>;
}

function explained({ target, live: spec, managers, counted = [], predicted = target }: Case) {
  const [wanted, live] = [deployment(target), deployment(spec, managers)];
  const differences = counted.map((path) => ({ path, target: at(wanted, path), live: at(live, path) }));
  return explainDifferences({
    prepared: { target: normalize(wanted), live: normalize(live) },
    live,
    manager,
    comparison: { outOfSync: counted.length > 0, differences, predicted: deployment(predicted, managers) },
  });
}

function at(object: KubeObject, path: string): JsonValue | undefined {
  const read = (value: unknown, part: string) => (value as Record<string, unknown> | undefined)?.[part];
  return path
    .split('/')
    .slice(1)
    .reduce(read, object as unknown) as JsonValue | undefined;
}

const replicas = '/spec/replicas';

describe('a difference that counts', () => {
  it.each<[string, string, Case]>([
    [
      'is that of the source, where we wrote last',
      'source',
      { target: { replicas: 2 }, live: { replicas: 1 }, managers: [ours('replicas')] },
    ],
    [
      'is that of the source, where the field has left it',
      'source',
      { target: {}, live: { replicas: 1 }, managers: [ours('replicas')] },
    ],
    [
      'is that of the source before the first sync',
      'source',
      { target: { replicas: 2 }, live: { replicas: 1 }, managers: [entry('kubectl-client-side-apply', ['replicas'])] },
    ],
    [
      'is a human edit, where kubectl wrote',
      'human-edit',
      { target: { replicas: 2 }, live: { replicas: 1 }, managers: [ours(), entry('kubectl-edit', ['replicas'])] },
    ],
    [
      'is a human edit, where kubectl scaled',
      'human-edit',
      {
        target: { replicas: 2 },
        live: { replicas: 1 },
        managers: [ours(), entry('kubectl', ['replicas'], { subresource: 'scale' })],
      },
    ],
    [
      'is a human edit, where kubectl applied after us',
      'human-edit',
      {
        target: { replicas: 2 },
        live: { replicas: 1 },
        managers: [ours('paused'), entry('kubectl-client-side-apply', ['replicas'])],
      },
    ],
    [
      'is a human edit, where the field was taken away after our apply',
      'human-edit',
      { target: { replicas: 2 }, live: {}, managers: [ours('paused'), entry('kubectl-edit', ['paused'])] },
    ],
    [
      'is that of a rival, where another program wrote',
      'rival-manager',
      {
        target: { replicas: 2 },
        live: { replicas: 5 },
        managers: [ours(), entry('kube-controller-manager', ['replicas'], { subresource: 'scale' })],
      },
    ],
    [
      'is that of admission, where an apply would not lead to the target',
      'webhook-or-controller',
      { target: { replicas: 2 }, live: { replicas: 5 }, managers: [ours('replicas')], predicted: { replicas: 6 } },
    ],
    [
      'is stale, where only a client-side apply owns it',
      'stale-owner',
      {
        target: {},
        live: { replicas: 5 },
        managers: [ours('paused'), entry('kubectl-client-side-apply', ['replicas'])],
      },
    ],
  ])('%s', (_case, expected, given) => {
    const [first, ...rest] = explained({ ...given, counted: [replicas] });
    expect(first).toMatchObject({ path: replicas, class: expected, counts: true });
    expect(rest).toEqual([]);
  });

  it('names the writer and the rule that would silence it', () => {
    const managers = [ours(), entry('kube-controller-manager', ['replicas'], { subresource: 'scale' })];
    const [found] = explained({ target: { replicas: 2 }, live: { replicas: 5 }, managers, counted: [replicas] });
    expect(found).toMatchObject({
      manager: 'kube-controller-manager',
      time: '2026-01-02T00:00:00Z',
      rule: { group: 'apps', kind: 'Deployment', name: 'web', namespace: 'shop', jsonPointers: [replicas] },
    });
  });

  it('in an entry of a list is silenced by the name of the entry', () => {
    const [found] = explained({
      target: { containers: [{ name: 'web', image: 'a' }] },
      live: { containers: [{ name: 'web', image: 'b' }] },
      managers: [entry('setter', ['web'])],
      counted: ['/spec/containers/0/image'],
    });
    expect(found?.rule?.jqPathExpressions).toEqual(['.spec.containers[] | select(.name == "web") | .image']);
  });
});

describe('a difference that does not count', () => {
  it.each<[string, string, Case]>([
    [
      'is a normal form, where both are one quantity',
      'normal-form',
      { target: { cpu: '1000m' }, live: { cpu: '1' }, managers: [ours('cpu')] },
    ],
    [
      'is a normal form, where the server leaves out nothing',
      'normal-form',
      { target: { empty: {} }, live: {}, managers: [ours()] },
    ],
    [
      'is a default, where the target says null',
      'default',
      { target: { replicas: null }, live: { replicas: 1 }, managers: [ours()] },
    ],
    [
      'is a default, where the server has filled it in',
      'default',
      { target: {}, live: { revisionHistoryLimit: 10 }, managers: [ours()] },
    ],
    [
      'is that of admission, where nobody owns a value of ours',
      'webhook-or-controller',
      { target: { image: 'a' }, live: { image: 'mirror/a' }, managers: [ours('image')] },
    ],
    [
      'is that of a controller that added it',
      'webhook-or-controller',
      { target: {}, live: { paused: true }, managers: [ours(), entry('operator', ['paused'])] },
    ],
    [
      'is a human edit, where a person added it',
      'human-edit',
      { target: {}, live: { paused: true }, managers: [ours(), entry('kubectl-patch', ['paused'])] },
    ],
    [
      'is that of admission, where a container was put in',
      'webhook-or-controller',
      {
        target: { containers: [{ name: 'web', image: 'a' }] },
        live: { containers: [{ name: 'web', image: 'a' }, { name: 'side' }] },
        managers: [ours('web')],
      },
    ],
  ])('%s', (_case, expected, given) => {
    const found = explained(given);
    expect(found.map((difference) => [difference.class, difference.counts])).toEqual([[expected, false]]);
    expect(found[0]).not.toHaveProperty('rule');
  });
});

describe('where the same target has been live before', () => {
  const settled = (managers: ManagedFieldsEntry[], live: Record<string, JsonValue> = {}) => {
    const [wanted, found] = [deployment({ replicas: 2 }), deployment(live, managers)];
    const differences = [{ path: replicas, target: 2, live: at(found, replicas) }];
    const comparison = { outOfSync: true, differences, predicted: wanted, settled: true };
    const prepared = { target: normalize(wanted), live: normalize(found) };
    return explainDifferences({ prepared, live: found, manager, comparison })[0];
  };

  it('a field that is gone without a trace was taken away by hand', () => {
    expect(settled([ours()])).toMatchObject({ class: 'human-edit', rule: { jsonPointers: [replicas] } });
  });

  it('a field that is gone is the doing of who wrote since, or in the second of our apply', () => {
    const entries = [ours(), entry('operator', ['paused'], { time: '2026-01-01T00:00:00Z' })];
    expect(settled(entries)).toMatchObject({ class: 'rival-manager', manager: 'operator' });
  });
});

it('another spelling by another manager is a normal form, although it counts', () => {
  const managers = [ours(), entry('operator', ['wait'])];
  const given = { target: { wait: '60s' }, live: { wait: '1m0s' }, managers, counted: ['/spec/wait'] };
  expect(explained(given)).toMatchObject([{ class: 'normal-form', counts: true, manager: 'operator' }]);
});

it('a map of labels that is gone as a whole is ignored label by label', () => {
  const wanted = { ...deployment({}), metadata: { ...deployment({}).metadata, labels: { 'a/b': '1', c: '2' } } };
  const live = deployment({}, [ours()]);
  const differences = [{ path: '/metadata/labels', target: { 'a/b': '1', c: '2' }, live: undefined }];
  const comparison = { outOfSync: true, differences, predicted: wanted, settled: true };
  const prepared = { target: normalize(wanted), live: normalize(live) };
  expect(explainDifferences({ prepared, live, manager, comparison })).toMatchObject([
    { class: 'human-edit', rule: { jsonPointers: ['/metadata/labels/a~1b', '/metadata/labels/c'] } },
  ]);
});
