import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChartServer, chartServer } from '../test-support/chart-server.ts';
import { createChartSources } from './chart-sources.ts';
import type { ChartAccess, ChartSources } from './types.ts';

let folder: string;
let server: ChartServer;
let other: ChartServer;
let access: Omit<ChartAccess, 'url'>;
let charts: ChartSources;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-charts-'));
  [server, other] = await Promise.all([chartServer('reader:canary-word'), chartServer()]);
  access = { username: 'reader', password: 'canary-word' };
  charts = createChartSources({ folder, access: (url) => ({ url, ...access }), declared: () => undefined });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const reference = (version: string) => ({ repoURL: server.url, chart: 'thing', version, project: 'default' });

describe('a Helm repository', () => {
  it('gives the files of a chart', async () => {
    await server.add('thing', '1.0.0', { 'values.yaml': 'a: 1\n' });
    const reader = await charts.open(reference('1.0.0'));
    const root = await reader.readTree(await reader.rootTree('1.0.0'));
    expect(root.map(({ name }) => name)).toEqual(['Chart.yaml', 'values.yaml']);
  });

  it('is asked once by any number of callers, and by its ETag when asked anew', async () => {
    await server.add('thing', '1.0.0');
    await Promise.all(Array.from({ length: 20 }, () => charts.fetch(reference('1.*'))));
    expect(server.log).toEqual(['GET /index.yaml 200', 'GET /thing-1.0.0.tgz 200']);
    await charts.resolve(reference('1.*'), { fresh: true });
    expect(server.log.at(-1)).toBe('GET /index.yaml 304');
    await server.add('thing', '1.1.0');
    expect(await charts.resolve(reference('1.*'), { fresh: true })).toBe('1.1.0');
  });

  it('serves nothing to other credentials from what it served before', async () => {
    await server.add('thing', '1.0.0');
    await charts.fetch(reference('1.0.0'));
    access = { username: 'reader', password: 'wrong' };
    await expect(charts.fetch(reference('1.0.0'))).rejects.toMatchObject({ code: 'DOWNLOAD_AUTHENTICATION' });
    await expect(charts.fetch(reference('1.0.0'))).rejects.not.toThrow(/wrong|canary/);
  });

  it('shows its credentials to no other host that archives come from, unless told so', async () => {
    await server.add('thing', '1.0.0', {}, other.url);
    for (const [path, body] of server.files) other.files.set(path, body);
    await charts.fetch(reference('1.0.0'));
    await charts.fetch({ ...reference('1.0.0'), passCredentials: true }, { fresh: true });
    expect(other.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true]);
  });

  it('whose archive is not what its index says is refused', async () => {
    await server.add('thing', '1.0.0');
    server.files.set('/thing-1.0.0.tgz', Buffer.from('something else'));
    await expect(charts.fetch(reference('1.0.0'))).rejects.toMatchObject({ code: 'CHART_DIGEST' });
  });

  it('is believed no longer where a look anew has failed', async () => {
    await server.add('thing', '1.0.0');
    await charts.fetch(reference('1.0.0'));
    server.files.delete('/thing-1.0.0.tgz');
    const asked = () => server.log.filter((line) => line.includes('.tgz')).length;
    await charts.fetch(reference('1.0.0'));
    expect(asked()).toBe(1);
    await expect(charts.fetch(reference('1.0.0'), { fresh: true })).rejects.toMatchObject({
      code: 'DOWNLOAD_NOT_FOUND',
    });
    await server.add('thing', '1.0.1');
    server.files.set('/index.yaml', Buffer.from('apiVersion: v1\nentries: {}\n'));
    await expect(charts.fetch(reference('1.0.0'), { fresh: true })).rejects.toMatchObject({ code: 'CHART_NOT_FOUND' });
    await expect(charts.fetch(reference('1.0.0'))).rejects.toMatchObject({ code: 'CHART_NOT_FOUND' });
  });

  it.each([
    ['7.7.7', 'thing', /chart thing of .* has no version 7.7.7/],
    ['*', 'nothing', /has no chart nothing/],
    ['', 'thing', /targetRevision is required/],
  ])('names what it does not have: %s of %s', async (version, chart, message) => {
    await server.add('thing', '1.0.0');
    await expect(charts.resolve({ ...reference(version), chart })).rejects.toThrow(message);
  });
});
