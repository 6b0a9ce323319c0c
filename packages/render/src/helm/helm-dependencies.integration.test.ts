import { join } from 'node:path';
import { toYaml } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createChartSources } from '../charts/chart-sources.ts';
import { writeChart } from '../test-support/chart.ts';
import { type ChartServer, chartServer } from '../test-support/chart-server.ts';
import { createRig, type RenderOptions, type Rig } from '../test-support/rig.ts';

let rig: Rig;
let server: ChartServer;
let options: RenderOptions;
beforeEach(async () => {
  [rig, server] = await Promise.all([createRig(), chartServer()]);
  const sources = createChartSources({
    folder: join(rig.folder, 'charts'),
    access: (url) => ({ url }),
    declared: (name) => (name === 'company' ? server.url : undefined),
  });
  const charts = {
    fetch: (wanted: { repoURL: string; chart: string; version: string }) =>
      sources.fetch({ ...wanted, project: 'default' }),
    archive: (digest: string) => sources.archive(digest),
    open: (wanted: { repoURL: string; chart: string; version: string }) =>
      sources.open({ ...wanted, project: 'default' }),
  };
  options = { source: { path: 'app' }, surroundings: { charts } };
  for (const version of ['1.0.0', '1.1.0']) {
    await server.add('sub', version, { 'templates/a.yaml': toYaml(configMap(`sub-${version}`)) });
  }
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const depending = (version: string, repository: string) => ({ dependencies: [{ name: 'sub', version, repository }] });
const names = async () => Object.keys((await rig.render(options)).objects).sort();

it('takes the newest version that the chart allows', async () => {
  await writeChart(rig, { path: 'app', meta: depending('^1', server.url) });
  expect(await names()).toEqual(['ConfigMap/dump', 'ConfigMap/sub-1.1.0']);
});

it('takes the version of the lock file', async () => {
  rig.repository.write('app/Chart.lock', depending('1.0.0', server.url));
  await writeChart(rig, { path: 'app', meta: depending('^1', server.url) });
  expect(await names()).toEqual(['ConfigMap/dump', 'ConfigMap/sub-1.0.0']);
});

it('refuses a lock file that the chart does not allow', async () => {
  rig.repository.write('app/Chart.lock', depending('1.0.0', server.url));
  await writeChart(rig, { path: 'app', meta: depending('^2', server.url) });
  await expect(rig.render(options)).rejects.toThrow(/app\/Chart.yaml: dependency sub .* out of sync/);
});

it.each(['@company', 'alias:company'])('finds a declared repository: %s', async (repository) => {
  await writeChart(rig, { path: 'app', meta: depending('1.0.0', repository) });
  expect(await names()).toEqual(['ConfigMap/dump', 'ConfigMap/sub-1.0.0']);
});

it('mixes charts of the repository with remote ones', async () => {
  rig.repository
    .write('near/Chart.yaml', { apiVersion: 'v2', name: 'near', version: '1.0.0' })
    .write('near/templates/a.yaml', configMap('from-near'));
  const near = { name: 'near', version: '1.0.0', repository: 'file://../near' };
  const { dependencies } = depending('1.0.0', server.url);
  await writeChart(rig, { path: 'app', meta: { dependencies: [near, ...dependencies] } });
  expect(await names()).toEqual(['ConfigMap/dump', 'ConfigMap/from-near', 'ConfigMap/sub-1.0.0']);
});

it('downloads an archive once for all charts, and not at all where it is vendored', async () => {
  for (const app of ['app', 'b', 'c']) await writeChart(rig, { path: app, meta: depending('1.0.0', server.url) });
  const paths = ['app', 'b', 'c'].map((path) => ({ ...options, source: { path } }));
  await Promise.all(paths.map((path) => rig.render(path)));
  expect(server.log.filter((line) => line.includes('.tgz'))).toEqual(['GET /sub-1.0.0.tgz 200']);
  expect(server.log.filter((line) => line.includes('index'))).toEqual(['GET /index.yaml 200']);
});

it('renders anew when an archive changes, and knows what it rendered', async () => {
  await writeChart(rig, { path: 'app', meta: depending('1.0.0', server.url) });
  const { inputs } = await rig.trace(options);
  expect(inputs).toContainEqual({
    from: 'dependency:',
    path: 'app/charts/sub-1.0.0.tgz',
    oid: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

it.each([
  ['9.9.9', undefined, /dependency sub .* 9.9.9 cannot be had: .* has no version 9.9.9/],
  ['1.0.0', '@nobody', /no repository is declared with the name nobody/],
  ['1.0.0', 'http://169.254.169.254/charts', /metadata address/],
])('names a dependency that cannot be had: %s of %s', async (version, repository, message) => {
  await writeChart(rig, { path: 'app', meta: depending(version, repository ?? server.url) });
  await expect(rig.render(options)).rejects.toThrow(message);
});

it('names no credentials that stand in the URL of a dependency', async () => {
  const repository = server.url.replace('http://', 'http://me:canary-word@');
  await writeChart(rig, { path: 'app', meta: depending('9.9.9', repository) });
  const failure = rig.render(options);
  await expect(failure).rejects.toThrow(/dependency sub \(http:.*9.9.9 cannot be had/);
  await expect(failure).rejects.not.toThrow(/canary/);
});
