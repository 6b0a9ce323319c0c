import { randomBytes } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import type { RenderQueueRequest, RenderQueueResult } from '@plumbline/render';
import { createStore, type Store } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, sharedRedis } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from './test-support/api-fixture.ts';

describe('the metadata of a revision', () => {
  let fixture: ApiFixture;
  let store: Store;
  let worker: { close(): Promise<void> };
  const asked: RenderQueueRequest[] = [];
  const revision = 'a'.repeat(40);
  const metadata = { author: 'A <a@b>', date: '2026-01-01T00:00:00Z', tags: ['v1'], message: 'a message' };

  const chart = { description: 'A chart', home: 'https://chart.example', maintainers: ['Ada <ada@example.com>'] };
  const artifact = { authors: 'Ada', version: '1.0.0' };

  beforeAll(async () => {
    fixture = await apiFixture();
    const seal = { sealKey: randomBytes(32), prefix: fixture.namespace };
    store = await createStore({ redisUrl: await sharedRedis(), logger: silentLogger, ...seal });
    worker = store.worker<RenderQueueRequest, RenderQueueResult>(
      'render',
      async (request) => {
        asked.push(request);
        if (request.kind === 'metadata' && request.revision === revision) return metadata;
        if (request.kind === 'chart-details') return chart;
        if (request.kind === 'artifact-metadata') return artifact;
        throw new PlumblineError('GIT_REVISION_NOT_FOUND', 'revision nope was not found');
      },
      { concurrency: 1 },
    );
  }, 600_000);
  afterAll(async () => {
    await worker?.close();
    await store?.close();
    await fixture?.close();
  });

  it('is what the repo-server says of it, for the project of the Application', async () => {
    const { params, app } = await fixture.created();
    const answer = await fixture.api.call('revisionMetadata', { params: { ...params, revision } });
    expect(answer).toEqual(metadata);
    expect(asked.at(-1)).toEqual({ kind: 'metadata', repoURL: app.spec.source?.repoURL, project: 'default', revision });
  });

  it('of a chart, or of an artifact, is what its publisher says', async () => {
    const { params } = await fixture.created();
    const source = { repoURL: 'https://charts.example', chart: 'thing', targetRevision: '1.0.0' };
    await fixture.patch(params.name, { spec: { source: { ...source, path: null } } });
    const ofChart = { params: { ...params, revision: '1.0.0' } };
    expect(await eventually(() => fixture.api.call('chartDetails', ofChart), { what: 'the change' })).toEqual(chart);
    await fixture.patch(params.name, { spec: { source: { repoURL: 'oci://r.example/app', path: '.', chart: null } } });
    const ofArtifact = { params: { ...params, revision: 'sha256:1' } };
    expect(await eventually(() => fixture.api.call('ociMetadata', ofArtifact), { what: 'the change' })).toEqual(
      artifact,
    );
    expect(asked.at(-1)).toMatchObject({ repoURL: 'oci://r.example/app', revision: 'sha256:1' });
  });

  it('is refused for a revision that is not there', async () => {
    const { params } = await fixture.created();
    const answer = fixture.api.call('revisionMetadata', { params: { ...params, revision: 'nope' } });
    await expect(answer).rejects.toMatchObject({ status: 400, message: expect.stringContaining('nope') });
  });

  it('is refused without a session, and for an Application that is not there', async () => {
    const { name } = await fixture.created();
    expect((await fixture.raw(`/api/v1/applications/${name}/revisions/${revision}/metadata`)).status).toBe(401);
    const answer = fixture.api.call('revisionMetadata', { params: { name: 'none', revision } });
    await expect(answer).rejects.toMatchObject({ status: 403 });
  });
});
