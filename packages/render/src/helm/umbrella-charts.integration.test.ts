import { join } from 'node:path';
import { toYaml } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createChartSources } from '../charts/chart-sources.ts';
import type { ChartAccess } from '../charts/types.ts';
import { archiveOf } from '../test-support/archive.ts';
import { type ChartServer, chartArchive, chartServer } from '../test-support/chart-server.ts';
import { createRig, type RenderOptions, type Rig } from '../test-support/rig.ts';
import type { DependencyCharts } from '../types.ts';

let rig: Rig;
let server: ChartServer;
let charts: DependencyCharts;
let access: Omit<ChartAccess, 'url'>;
beforeEach(async () => {
  [rig, server] = await Promise.all([createRig(), chartServer('reader:canary-word')]);
  access = { username: 'reader', password: 'canary-word' };
  const sources = createChartSources({
    folder: join(rig.folder, 'charts'),
    access: (url) => ({ url, ...access }),
    declared: () => undefined,
  });
  charts = {
    fetch: (wanted) => sources.fetch({ ...wanted, project: 'default' }),
    open: (wanted) => sources.open({ ...wanted, project: 'default' }),
    archive: (digest) => sources.archive(digest),
  };
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const libraries = Array.from({ length: 10 }, (_, index) => `lib-${index}`);
const umbrellas = Array.from({ length: 200 }, (_, index) => `apps/app-${index}`);

function writeUmbrella(path: string, comment = ''): void {
  const dependencies = libraries.map((name) => ({ name, version: '^1.0.0', repository: server.url }));
  const locked = dependencies.map((dependency) => ({ ...dependency, version: '1.0.0' }));
  rig.repository
    .write(`${path}/Chart.yaml`, { apiVersion: 'v2', name: 'umbrella', version: '1.0.0', dependencies })
    .write(`${path}/Chart.lock`, { dependencies: locked })
    .write(`${path}/values.yaml`, `# ${comment}\n`);
}

const options = (path: string): RenderOptions => ({ source: { path }, surroundings: { charts } });
const traceAll = () => Promise.all(umbrellas.map((path) => rig.trace(options(path))));
const downloads = () => server.log.filter((line) => line.includes('.tgz')).sort();

it('200 charts that share 10 dependencies download 10 archives, and none with the next commit', async () => {
  for (const name of libraries) await server.add(name, '1.0.0', { 'templates/a.yaml': toYaml(configMap(name)) });
  for (const path of umbrellas) writeUmbrella(path);
  await rig.repository.commit();
  await traceAll();
  expect(downloads()).toEqual(libraries.map((name) => `GET /${name}-1.0.0.tgz 200`));
  expect(server.log.filter((line) => line.includes('index'))).toHaveLength(1);

  for (const path of umbrellas) writeUmbrella(path, 'another');
  await rig.repository.commit();
  const asked = server.log.length;
  await traceAll();
  const { objects } = await rig.render(options('apps/app-7'));
  expect(Object.keys(objects).sort()).toEqual(libraries.map((name) => `ConfigMap/${name}`));
  expect(server.log.length).toBe(asked);
}, 120_000);

it('are downloaded again for other credentials, and had by those only who may', async () => {
  await server.add('lib-0', '1.0.0');
  const dependencies = [{ name: 'lib-0', version: '1.0.0', repository: server.url }];
  await rig.repository
    .write('app/Chart.yaml', { apiVersion: 'v2', name: 'a', version: '1.0.0', dependencies })
    .commit();
  await rig.trace(options('app'));
  access = { username: 'reader', password: 'guessed' };
  await expect(rig.trace(options('app'))).rejects.toThrow(/answered 401/);
});

it('come again where their archive has gone between the trace and the render', async () => {
  await server.add('lib-0', '1.0.0', { 'templates/a.yaml': toYaml(configMap('lib-0')) });
  const dependencies = [{ name: 'lib-0', version: '1.0.0', repository: server.url }];
  await rig.repository
    .write('app/Chart.yaml', { apiVersion: 'v2', name: 'a', version: '1.0.0', dependencies })
    .commit();
  const present = charts.archive;
  let gone = 1;
  const forgetful = {
    ...charts,
    archive: (digest: string) => (gone-- > 0 ? Promise.resolve(undefined) : present(digest)),
  };
  const { objects } = await rig.render({ source: { path: 'app' }, surroundings: { charts: forgetful } });
  expect(Object.keys(objects)).toEqual(['ConfigMap/lib-0']);
});

it('name in warnings what their archives render otherwise each time, also in archives in them', async () => {
  const secret = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {a: "{{ randAlphaNum 5 }}"}\n';
  const lookup =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: l}\ndata: {a: "{{ lookup "v1" "Secret" "a" "b" }}"}\n';
  const innermost = await chartArchive('inner', '1.0.0', { 'templates/l.yaml': lookup });
  await server.add('lib-0', '1.0.0', { 'templates/s.yaml': secret });
  const vendored = await archiveOf([
    { name: 'near/Chart.yaml', text: 'apiVersion: v2\nname: near\nversion: 1.0.0\n' },
    { name: 'near/templates/_helpers.tpl', text: '{{ define "x" }}{{ .Release.IsUpgrade }}{{ end }}' },
    { name: 'near/charts/inner-1.0.0.tgz', text: innermost },
  ]);
  const dependencies = [{ name: 'lib-0', version: '1.0.0', repository: server.url }];
  await rig.repository
    .write('app/Chart.yaml', { apiVersion: 'v2', name: 'a', version: '1.0.0', dependencies })
    .write('app/charts/near-1.0.0.tgz', vendored)
    .commit();
  const { warnings, objects } = await rig.render(options('app'));
  expect(Object.keys(objects).sort()).toEqual(['ConfigMap/l', 'ConfigMap/s']);
  expect(warnings).toEqual([
    'app/charts/near-1.0.0.tgz/templates/_helpers.tpl:1: .Release.IsUpgrade always says that the release is installed',
    'app/charts/near-1.0.0.tgz/charts/inner-1.0.0.tgz/templates/l.yaml:4: lookup finds nothing, because charts are rendered without a cluster',
    'app/charts/lib-0-1.0.0.tgz/templates/s.yaml:4: randAlphaNum gives another value with each render',
  ]);
});
