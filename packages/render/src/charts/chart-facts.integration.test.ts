import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ChartServer, chartServer } from '../test-support/chart-server.ts';
import { readArtifactMetadata, readChartDetails } from './chart-facts.ts';
import { createChartSources } from './chart-sources.ts';

let folder: string;
let server: ChartServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-facts-'));
  server = await chartServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function detailsOf(meta: object) {
  await server.add('thing', '1.0.0', { 'Chart.yaml': JSON.stringify({ name: 'thing', version: '1.0.0', ...meta }) });
  const charts = createChartSources({ folder, access: (url) => ({ url }), declared: () => undefined });
  const reader = await charts.open({ repoURL: server.url, chart: 'thing', version: '1.0.0', project: 'default' });
  return readChartDetails(reader, '1.0.0', 'thing');
}

it('a chart tells its description, home and maintainers', async () => {
  const maintainers = [{ name: 'Ada', email: 'ada@example.com' }, { name: 'Grace' }, 'nobody'];
  expect(await detailsOf({ description: 'A thing', home: 'https://thing.example', maintainers })).toEqual({
    description: 'A thing',
    home: 'https://thing.example',
    maintainers: ['Ada <ada@example.com>', 'Grace'],
  });
});

it('a chart that says nothing tells nothing', async () => {
  expect(await detailsOf({})).toEqual({ description: '', home: '', maintainers: [] });
});

it('an artifact tells what its annotations say', () => {
  const image = 'org.opencontainers.image.';
  expect(
    readArtifactMetadata({
      [`${image}authors`]: 'Ada',
      [`${image}source`]: 'https://x',
      [`${image}url`]: 'u',
      other: 'x',
    }),
  ).toEqual({ authors: 'Ada', sourceUrl: 'https://x' });
});
