import { setImmediate as turn } from 'node:timers/promises';
import { annotation, type KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { createSecretMask } from '../../secrets/secret-mask.ts';
import { ChangeCollector } from '../changes/change-collector.ts';
import type { LiveChange } from '../types.ts';
import { LiveObjects } from './live-objects.ts';
import { descendantsOf } from './relatives.ts';

interface Given {
  kind?: string;
  uid?: string;
  version?: string;
  app?: string;
  owner?: string;
  rest?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

function given(
  name: string,
  { kind = 'ConfigMap', uid = name, version = '1', app, owner, rest, metadata }: Given = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      namespace: 'ns',
      uid,
      resourceVersion: version,
      ...(app ? { annotations: { app } } : {}),
      ...(owner ? { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: owner }] } : {}),
      ...metadata,
    },
    ...rest,
  };
}

function liveObjects() {
  const told: LiveChange[] = [];
  const changes = new ChangeCollector((error) => {
    throw error;
  });
  changes.listen((change) => told.push(change));
  const objects = new LiveObjects({
    discovery: { preferred: () => undefined },
    secretMask: createSecretMask(Buffer.from('key')),
    trackingOf: (object) => annotation(object, 'app'),
    changes,
  });
  const event = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => objects.onEvent({ type, object });
  /** What was told since the last call, as `application managed kinds`. */
  const changesNow = async () => {
    await turn();
    return told.splice(0).map(({ applications, managed, below, keys, loose, namespaces, takenOver }) => {
      if (loose) return `loose ${[...loose]}`;
      if (namespaces) return `namespaces ${[...namespaces]}`;
      const what = takenOver ? 'lost' : managed ? 'compare' : below ? 'below' : 'facts';
      return `${[...applications].sort()} ${what} ${keys.map(({ name }) => name)}`;
    });
  };
  const key = (name: string, kind = 'ConfigMap') => ({ group: '', kind, namespace: 'ns', name });
  return { objects, event, changesNow, key };
}

describe('changes of a managed object', () => {
  const base = given('a', { app: 'one', rest: { data: { x: '1' }, status: { n: 1 } } });
  const entry = (time: string, rest: Record<string, unknown> = {}) => ({
    manager: 'm',
    operation: 'Update' as const,
    time,
    fieldsV1: {},
    ...rest,
  });
  it.each([
    ['another value', { ...base, data: { x: '2' } }, ['one compare a']],
    ['another label', { ...base, metadata: { ...base.metadata, labels: { l: 'v' } } }, ['one compare a']],
    [
      'another owner of a field',
      { ...base, metadata: { ...base.metadata, managedFields: [entry('1')] } },
      ['one compare a'],
    ],
    ['another status', { ...base, status: { n: 2 } }, ['one facts a']],
    [
      'a writer of the status',
      { ...base, metadata: { ...base.metadata, managedFields: [entry('1', { subresource: 'status' })] } },
      [],
    ],
    ['another resourceVersion only', base, []],
  ])('%s is told as it is', async (_what, object, expected) => {
    const { event, changesNow } = liveObjects();
    event('ADDED', base);
    expect(await changesNow()).toEqual(['one compare a']);
    event('MODIFIED', { ...object, metadata: { ...object.metadata, resourceVersion: '2' } });
    expect(await changesNow()).toEqual(expected);
  });

  it('of a CustomResourceDefinition are told although it belongs to no application', async () => {
    const { event, changesNow } = liveObjects();
    const definition = (name: string) => ({
      ...given(name, { kind: 'CustomResourceDefinition' }),
      apiVersion: 'apiextensions.k8s.io/v1',
    });
    event('ADDED', definition('widgets.example.com'));
    event('ADDED', definition('gadgets.example.com'));
    event('ADDED', given('a', { app: 'one' }));
    const told = ['one compare a', ' compare widgets.example.com,gadgets.example.com', 'loose ns'];
    expect(await changesNow()).toEqual(told);
  });

  it('and of others are told by their namespaces when they come and go, where nobody manages or owns them', async () => {
    const { event, changesNow } = liveObjects();
    event('ADDED', given('nobody'));
    event('ADDED', given('child', { owner: 'nobody' }));
    expect(await changesNow()).toEqual(['loose ns']);
    event('MODIFIED', given('nobody', { version: '2', rest: { data: {} } }));
    expect(await changesNow()).toEqual([]);
    event('DELETED', given('nobody', { version: '2' }));
    expect(await changesNow()).toEqual(['loose ns']);
  });

  it('that another application takes over are told to both, apart', async () => {
    const { event, changesNow } = liveObjects();
    event('ADDED', given('a', { app: 'one' }));
    event('ADDED', given('b', { app: 'one' }));
    await changesNow();
    event('MODIFIED', given('a', { app: 'two', version: '2' }));
    expect(await changesNow()).toEqual(['two compare a', 'one lost a']);
    event('MODIFIED', given('b', { version: '2' }));
    expect(await changesNow()).toEqual(['one compare b', 'loose ns']);
  });

  it('of a Namespace are told by its name, whatever is written there', async () => {
    const { event, changesNow } = liveObjects();
    const web = (version: string, more: object = {}) =>
      given('web', { kind: 'Namespace', version, metadata: { namespace: undefined, ...more } });
    event('ADDED', web('1'));
    expect(await changesNow()).toEqual(['namespaces web']);
    event('MODIFIED', web('2', { labels: { team: 'x' } }));
    expect(await changesNow()).toEqual(['namespaces web']);
    event('MODIFIED', web('2', { labels: { team: 'x' } }));
    expect(await changesNow()).toEqual([]);
    event('DELETED', web('2'));
    expect(await changesNow()).toEqual(['namespaces web']);
  });

  it('within one turn are told together, comparisons apart from facts', async () => {
    const { event, changesNow } = liveObjects();
    event('ADDED', given('a', { app: 'one' }));
    event('ADDED', given('b', { app: 'two' }));
    event('ADDED', given('child', { owner: 'a' }));
    expect(await changesNow()).toEqual(['one,two compare a,b', 'one below child']);
    event('MODIFIED', given('b', { app: 'two', version: '2', rest: { data: {} } }));
    event('DELETED', given('child', { owner: 'a' }));
    expect(await changesNow()).toEqual(['two compare b', 'one below child']);
  });
});

describe('objects below a managed one', () => {
  it('are found through any number of owners, in whatever order they come', async () => {
    const { objects, event, changesNow } = liveObjects();
    event('ADDED', given('grandchild', { owner: 'child' }));
    event('ADDED', given('child', { owner: 'root' }));
    expect(await changesNow()).toEqual([]);
    event('ADDED', given('root', { app: 'one' }));
    await changesNow();
    expect(descendantsOf(objects.index, 'root').map(({ key }) => key.name)).toEqual(['child', 'grandchild']);
    event('MODIFIED', given('grandchild', { owner: 'child', version: '2', metadata: { deletionTimestamp: 'now' } }));
    expect(await changesNow()).toEqual(['one below grandchild']);
  });

  it('are silent where nothing that is shown of them changes', async () => {
    const { objects, event, changesNow, key } = liveObjects();
    event('ADDED', given('root', { app: 'one' }));
    event('ADDED', given('child', { owner: 'root', rest: { data: { x: '1' } } }));
    await changesNow();
    event('MODIFIED', given('child', { owner: 'root', version: '2', rest: { data: { x: '2' } } }));
    expect(await changesNow()).toEqual([]);
    expect(objects.index.get(key('child'))?.resourceVersion).toBe('2');
  });

  it('may own each other in a circle', () => {
    const { objects, event } = liveObjects();
    event('ADDED', given('a', { owner: 'b' }));
    event('ADDED', given('b', { owner: 'a' }));
    expect(descendantsOf(objects.index, 'a').map(({ key }) => key.name)).toEqual(['b']);
  });

  it('are the same when their inferred owner comes, goes and comes again', () => {
    const { objects, event, key } = liveObjects();
    event('ADDED', given('s', { kind: 'Endpoints', uid: 'e' }));
    expect(objects.index.looseIn('ns')).toHaveLength(1);
    event('ADDED', given('s', { kind: 'Service', uid: 'u1' }));
    expect(objects.index.get(key('s', 'Endpoints'))?.owners).toEqual([
      { uid: 'u1', version: 'v1', key: key('s', 'Service') },
    ]);
    expect(objects.index.looseIn('ns').map(({ key: { kind } }) => kind)).toEqual(['Service']);
    event('MODIFIED', given('s', { kind: 'Endpoints', uid: 'e', version: '2' }));
    event('DELETED', given('s', { kind: 'Service', uid: 'u1' }));
    expect(objects.index.get(key('s', 'Endpoints'))?.owners).toEqual([]);
    event('ADDED', given('s', { kind: 'Service', uid: 'u2' }));
    expect(descendantsOf(objects.index, 'u2').map(({ uid }) => uid)).toEqual(['e']);
    expect(descendantsOf(objects.index, 'u1')).toEqual([]);
  });
});

describe('our own writes', () => {
  it('silence the event of the same version and outlive older ones', async () => {
    const { objects, event, changesNow, key } = liveObjects();
    const data = (x: string) => ({ rest: { data: { x } }, app: 'one' });
    event('ADDED', given('a', { version: '9', ...data('old') }));
    await changesNow();
    objects.observe(given('a', { version: '11', ...data('ours') }), true);
    expect(await changesNow()).toEqual(['one compare a']);
    event('MODIFIED', given('a', { version: '10', ...data('between') }));
    event('MODIFIED', given('a', { version: '11', ...data('ours') }));
    expect(await changesNow()).toEqual([]);
    expect(objects.index.get(key('a'))?.object?.['data']).toEqual({ x: 'ours' });
    event('MODIFIED', given('a', { version: '12', ...data('drift') }));
    expect(await changesNow()).toEqual(['one compare a']);
  });

  it('of an object made anew outlive the deletion of the one before', async () => {
    const { objects, event, key } = liveObjects();
    event('ADDED', given('a', { uid: 'first', version: '5', app: 'one' }));
    objects.observe(given('a', { uid: 'second', version: '8', app: 'one' }), true);
    event('MODIFIED', given('a', { uid: 'first', version: '6', app: 'one', metadata: { deletionTimestamp: 'now' } }));
    event('DELETED', given('a', { uid: 'first', version: '7', app: 'one' }));
    expect(objects.index.get(key('a'))?.uid).toBe('second');
  });

  it('that deleted are not undone by what was under way', async () => {
    const { objects, event, changesNow, key } = liveObjects();
    event('ADDED', given('a', { app: 'one' }));
    await changesNow();
    objects.forget(key('a'), 'a');
    expect(await changesNow()).toEqual(['one compare a']);
    event('MODIFIED', given('a', { app: 'one', version: '2' }));
    event('DELETED', given('a', { app: 'one', version: '3' }));
    expect(objects.index.get(key('a'))).toBeUndefined();
    expect(await changesNow()).toEqual([]);
  });

  it('that is answered after the watch told of the end does not bring the object back', async () => {
    const { objects, event, changesNow, key } = liveObjects();
    event('ADDED', given('a', { app: 'one' }));
    event('DELETED', given('a', { app: 'one', version: '9' }));
    await changesNow();
    objects.observe(given('a', { app: 'one', version: '8', metadata: { deletionTimestamp: 'now' } }), true);
    expect(objects.index.get(key('a'))).toBeUndefined();
    expect(await changesNow()).toEqual([]);
    event('ADDED', given('a', { uid: 'another', app: 'one', version: '10' }));
    expect(objects.index.get(key('a'))?.uid).toBe('another');
  });

  it('of a kind that is not watched are not kept', () => {
    const { objects, key } = liveObjects();
    expect(objects.observe(given('a', { app: 'one' }), false).application).toBe('one');
    expect(objects.index.get(key('a'))).toBeUndefined();
  });
});

describe('an index', () => {
  it('is empty once all objects are gone', () => {
    const { objects, event } = liveObjects();
    event('ADDED', given('root', { app: 'one' }));
    event('ADDED', given('child', { owner: 'root' }));
    event('ADDED', given('loose'));
    expect(objects.index.size).toBe(3);
    for (const name of ['child', 'root', 'loose']) event('DELETED', given(name));
    expect(objects.index.size).toBe(0);
    expect(objects.index.managedBy('one')).toEqual([]);
    expect(objects.index.looseIn('ns')).toEqual([]);
  });
});
