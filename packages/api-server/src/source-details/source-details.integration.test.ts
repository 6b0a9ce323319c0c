import { randomBytes } from 'node:crypto';
import { applicationApiVersion, sourcesOf } from '@plumbline/apis';
import type { RenderQueueRequest, RenderQueueResult, SourceDetails } from '@plumbline/render';
import { createStore, type Store } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { sharedRedis } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
let store: Store;
let worker: { close(): Promise<void> };
const asked: RenderQueueRequest[] = [];
const details: SourceDetails = { type: 'Kustomize', kustomize: { images: ['nginx:1'] } };

beforeAll(async () => {
  fixture = await apiFixture();
  const seal = { sealKey: randomBytes(32), prefix: fixture.namespace };
  store = await createStore({ redisUrl: await sharedRedis(), logger: silentLogger, ...seal });
  const answer = async (request: RenderQueueRequest) => {
    asked.push(request);
    return details;
  };
  worker = store.worker<RenderQueueRequest, RenderQueueResult>('render', answer, { concurrency: 1 });
}, 600_000);
afterAll(async () => {
  await worker?.close();
  await store?.close();
  await fixture?.close();
});

const repo = 'https://git.example/new.git';
const ask = (body: object, at = repo) =>
  fixture.api.call('sourceDetails', { params: { repo: at }, body: { source: { repoURL: at, path: 'a' }, ...body } });

it('tells an Application that is to be made what its source can be told', async () => {
  expect(await ask({ appName: 'not-there', appProject: 'default' })).toEqual(details);
  const source = { repoURL: repo, path: 'a' };
  const question = { kind: 'source-details', source, appName: 'not-there', project: 'default', refs: {} };
  expect(asked.at(-1)).toEqual(question);
});

it('tells an Application of its own sources, and of no other', async () => {
  const { app, params } = await fixture.created();
  const [source] = sourcesOf(app.spec);
  const of = { appName: params.name, appProject: 'default' };
  expect(await ask({ ...of, source }, source?.repoURL)).toEqual(details);
  const other = { ...source, path: 'secrets' };
  await expect(ask({ ...of, source: other }, source?.repoURL)).rejects.toMatchObject({ status: 403 });
});

it('refuses repositories that the project does not permit, and projects that are not there', async () => {
  const spec = { sourceRepos: ['https://git.example/other.git'], destinations: [] };
  const metadata = { name: 'narrow', namespace: fixture.namespace };
  await fixture.kube.create({ apiVersion: applicationApiVersion, kind: 'AppProject', metadata, spec });
  for (const appProject of ['narrow', 'missing']) {
    await expect(ask({ appName: 'x', appProject })).rejects.toThrow(/is not permitted in project/);
  }
});
