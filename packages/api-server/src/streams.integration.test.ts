import { applicationApiVersion } from '@plumbline/apis';
import { type TreeDelta, type TreeWatch, treeChannel, treeWatchChannel } from '@plumbline/protocol';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from './test-support/api-fixture.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];
let created: ApiFixture['created'];
let kube: ApiFixture['kube'];
let metrics: ApiFixture['metrics'];
let namespace: ApiFixture['namespace'];
let patch: ApiFixture['patch'];
let raw: ApiFixture['raw'];
let server: ApiFixture['server'];
let stored: ApiFixture['stored'];
let token: ApiFixture['token'];

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api, created, kube, metrics, namespace, patch, raw, server, stored, token } = fixture);
}, 300_000);

afterAll(async () => fixture.close());

describe('operations', () => {
  it('are requested once, with the old state cleared, and can be terminated while they run', async () => {
    const { params, name } = await created();
    const old = { phase: 'Succeeded', startedAt: '2026-01-01T00:00:00Z', operation: {} };
    await patch(name, { status: { operationState: old } });
    await expect(api.call('terminateOperation', { params })).rejects.toMatchObject({ status: 400, code: 3 });
    const requested = await api.call('syncApplication', { params, body: { prune: true } });
    expect(requested.operation).toEqual({ sync: { prune: true }, initiatedBy: { username: 'admin' } });
    expect(requested.status?.operationState).toBeUndefined();
    await expect(api.call('syncApplication', { params, body: {} })).rejects.toMatchObject({
      status: 400,
      code: 9,
      message: 'another operation is already in progress',
    });
    await patch(name, { status: { operationState: { ...old, phase: 'Running' } } });
    expect(await api.call('terminateOperation', { params })).toEqual({});
    expect(await stored(name)).toMatchObject({ status: { operationState: { phase: 'Terminating' } } });
  });

  it('that race are told apart: one starts, the others are refused', async () => {
    const { params } = await created();
    const calls = Array.from({ length: 5 }, () => api.call('syncApplication', { params, body: {} }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('inspection', () => {
  it('answers tree, managed resources and manifests of the controller', async () => {
    const { params } = await created();
    expect((await api.call('resourceTree', { params })).nodes.map((node) => node.name)).toEqual(['a', 'web']);
    const query = { kind: 'Deployment', group: 'apps' };
    expect((await api.call('resourceTree', { params, query })).nodes.map((node) => node.name)).toEqual(['web']);
    const managed = await api.call('managedResources', {
      params,
      query: { kind: 'ConfigMap', group: '', version: 'v1' },
    });
    expect(managed.items.map((item) => item.name)).toEqual(['a']);
    expect((await api.call('manifests', { params })).revision).toBe('sha');
  });

  it('compares manifests of the caller, which reach the controller sealed', async () => {
    const { params } = await created();
    const sent = await api.call('serverSideDiff', { params, body: { targetManifests: ['one', 'two'] } });
    expect(sent).toMatchObject({ items: [{ name: 'one' }, { name: 'two' }], modified: true });
    const asked = await api.call('serverSideDiffOfQuery', { params, query: { targetManifests: ['one'] } });
    expect(asked.items.map((item) => item.name)).toEqual(['one']);
    expect(await api.call('serverSideDiff', { params, body: {} })).toEqual({ items: [], modified: false });
  });

  it('passes on what the source does wrong', async () => {
    const { params } = await created();
    const call = api.call('manifests', { params, query: { revision: 'nope' } });
    await expect(call).rejects.toMatchObject({
      status: 400,
      code: 3,
      message: expect.stringContaining('revision nope'),
    });
  });
});

describe('streams', () => {
  /** Collects a stream's frames until the test ends it. */
  function collect<T>(frames: (signal: AbortSignal) => AsyncIterable<T>) {
    const controller = new AbortController();
    const seen: T[] = [];
    const read = async () => {
      for await (const frame of frames(controller.signal)) seen.push(frame);
    };
    const over = read().catch(() => undefined);
    return { seen, over, end: () => controller.abort() };
  }

  it('tell of an Application now, when it changes and when it goes', async () => {
    const { name } = await created();
    const stream = collect((signal) => api.stream('watchApplications', { query: { name }, signal }));
    await eventually(() => stream.seen.length === 1, { what: 'the first frame' });
    await patch(name, { metadata: { labels: { seen: 'yes' } } });
    await eventually(() => stream.seen.length === 2, { what: 'the change' });
    await kube.delete(
      { apiVersion: applicationApiVersion, kind: 'Application', namespace, name },
      { propagationPolicy: 'Background' },
    );
    await eventually(() => stream.seen.length === 3, { what: 'the deletion' });
    stream.end();
    expect(stream.seen.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    expect(stream.seen[1]?.application.metadata.labels).toEqual({ seen: 'yes' });
  });

  it('go on from a list without a gap', async () => {
    const { metadata } = await api.call('listApplications');
    const kept = await created({ labels: { gap: 'x' } });
    const { resourceVersion } = metadata;
    const query = { resourceVersion, selector: 'gap=x' };
    const stream = collect((signal) => api.stream('watchApplications', { query, signal }));
    await eventually(() => stream.seen.length === 1, { what: 'what was missed' });
    expect(stream.seen[0]?.application.metadata.name).toBe(kept.name);
    await patch(kept.name, { metadata: { labels: { gap: 'y' } } });
    await eventually(() => stream.seen.at(-1)?.type === 'DELETED', { what: 'leaving the selection' });
    stream.end();
  });

  it('tell of an Application that went between a look at it and the stream', async () => {
    const { name, params } = await created();
    const { resourceVersion } = (await api.call('getApplication', { params })).metadata;
    await api.call('deleteApplication', { params, query: { cascade: false } });
    const query = { name, ...(resourceVersion ? { resourceVersion } : {}) };
    const stream = collect((signal) => api.stream('watchApplications', { query, signal }));
    await eventually(() => stream.seen.at(-1)?.type === 'DELETED', { what: 'the deletion' });
    stream.end();
  });

  it('speak server-sent events', async () => {
    const { name } = await created();
    const controller = new AbortController();
    const response = await raw(`/api/v1/stream/applications?name=${name}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
      signal: controller.signal,
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toMatch(/^data: \{"result":\{"type":"ADDED","application":.*\}\}\n\n$/);
    controller.abort();
  });

  it('send the tree at once, and again when a controller tells of a change', async () => {
    const { params } = await created();
    const { pubsub } = fixture.store;
    const node = (uid: string, resourceVersion = '1') => ({
      version: 'v1',
      kind: 'Pod',
      name: uid,
      uid,
      resourceVersion,
    });
    const nothing = { session: 's', orphanedNodes: [], hosts: [], removedNodes: [], removedHosts: [] };
    const publish = (delta: Omit<TreeDelta, keyof typeof nothing> & Partial<TreeDelta>) =>
      pubsub.publish(treeChannel({ namespace, name: params.name }), { ...nothing, ...delta });
    const watches: TreeWatch[] = [];
    const leave = await pubsub.subscribe(treeWatchChannel, (message) => watches.push(message as TreeWatch));
    const stream = collect((signal) => api.stream('watchResourceTree', { params, signal }));
    const newest = () => stream.seen.at(-1)?.nodes.map(({ name, resourceVersion }) => `${name} ${resourceVersion}`);
    const asked = () => watches.filter(({ name, whole }) => name === params.name && whole).length;
    await eventually(() => stream.seen.length === 1 && asked() === 1, { what: 'the first tree, and the question' });
    await publish({ number: 1, whole: true, nodes: [node('a'), node('b')] });
    await eventually(() => newest()?.join() === 'a 1,b 1', { what: 'the whole tree' });
    await publish({ number: 2, nodes: [node('b', '2')], removedNodes: ['a'] });
    await eventually(() => newest()?.join() === 'b 2', { what: 'the change' });
    await publish({ number: 4, nodes: [node('c')] });
    await eventually(() => asked() === 2, { what: 'the question after a delta was lost' });
    await publish({ number: 5, whole: true, nodes: [node('b', '2'), node('c')] });
    await eventually(() => newest()?.join() === 'b 2,c 1', { what: 'the whole tree again' });
    stream.end();
    await stream.over;
    const frames = stream.seen.length;
    await publish({ number: 6, nodes: [node('d')] });
    expect(stream.seen.length).toBe(frames);
    await leave();
  });

  it('end when the server closes, which does not wait for them', async () => {
    const stream = collect((signal) => api.stream('watchApplications', { signal }));
    await eventually(() => stream.seen.length > 0, { what: 'the stream' });
    await server.close();
    await stream.over;
    await expect(raw('/healthz')).rejects.toThrow();
    expect(await metrics.text()).toMatch(/argocd_login_request_total\{status="success"\} 1/);
    expect(await metrics.text()).toContain('argocd_info{version="v1.2.3"} 1');
  });
});
