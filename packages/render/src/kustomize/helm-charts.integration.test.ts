import { join } from 'node:path';
import { deepEqual, toYaml } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChartSources } from '../charts/chart-sources.ts';
import { bareBuild } from '../test-support/bases.ts';
import { type ChartServer, chartServer } from '../test-support/chart-server.ts';
import { type Registry, startRegistry } from '../test-support/registry.ts';
import { createRig, type RenderOptions, type Rig } from '../test-support/rig.ts';

const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-dump
  namespace: {{ .Release.Namespace }}
data:
  values: {{ .Values | toJson | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  thing: {{ .Capabilities.APIVersions.Has "test.example/v9/Thing" | quote }}
`;
const chartFiles = { 'values.yaml': 'a: 1\nb: {c: 2}\n', 'templates/dump.yaml': template };
const login = { username: 'reader', password: 'hidden-word' };

let rig: Rig;
let server: ChartServer;
let options: RenderOptions;
beforeEach(async () => {
  [rig, server] = await Promise.all([createRig(), chartServer(`${login.username}:${login.password}`)]);
  const sources = createChartSources({
    folder: join(rig.folder, 'charts'),
    access: (url) => ({ url, ...login, insecureOciForceHttp: true }),
    declared: () => undefined,
  });
  const charts = {
    fetch: (wanted: { repoURL: string; chart: string; version: string }) =>
      sources.fetch({ ...wanted, project: 'default' }),
    archive: (digest: string) => sources.archive(digest),
    open: (wanted: { repoURL: string; chart: string; version: string }) =>
      sources.open({ ...wanted, project: 'default' }),
  };
  options = {
    source: { path: 'app' },
    surroundings: { charts },
    settings: { kustomizeBuildOptions: ['--enable-helm'] },
  };
  await server.add('dump', '1.0.0', chartFiles);
  await server.add('dump', '1.1.0', { ...chartFiles, 'templates/more.yaml': toYaml(configMap('more')) });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const write = async (kustomization: object) => {
  rig.repository.write('app/kustomization.yaml', { ...kustomization });
  await rig.repository.commit();
};
const data = ({ objects }: Awaited<ReturnType<Rig['render']>>, name = 'r-dump') =>
  objects[`ConfigMap/${name}`]?.['data'] as Record<string, string> | undefined;

describe('a chart in the repository', () => {
  const entry = { name: 'dump', releaseName: 'r', namespace: 'n', valuesInline: { a: 5 } };
  const writeChart = (folder: string) => {
    rig.repository.write(`${folder}/dump/Chart.yaml`, { apiVersion: 'v2', name: 'dump', version: '0.1.0' });
    for (const [path, text] of Object.entries(chartFiles)) rig.repository.write(`${folder}/dump/${path}`, text);
  };

  it.each([
    ['app/charts', {}],
    ['app/own/place', { helmGlobals: { chartHome: 'own/place' } }],
  ])('gives in %s what the tool gives', async (folder, more) => {
    writeChart(folder);
    rig.repository.write('app/more.yaml', 'b: {d: 3}\n');
    await write({ helmCharts: [{ ...entry, additionalValuesFiles: ['more.yaml'] }], namePrefix: 'p-', ...more });
    const { list, traced } = await rig.render(options);
    const { kubeVersion, apiVersions } = { kubeVersion: '1.36.1', apiVersions: ['apps/v1', 'v1'] };
    const args = ['--enable-helm', '--helm-command', rig.tools.helm, '--helm-kube-version', kubeVersion];
    for (const version of apiVersions) args.push('--helm-api-versions', version);
    expect(deepEqual(list, await bareBuild(rig, 'app', { args }))).toBe(true);
    expect(traced.inputs.map(({ path }) => path)).not.toContain('');
    expect(traced.tools).toHaveProperty('helm');
  });

  it('is refused where build options do not enable Helm', async () => {
    writeChart('app/charts');
    await write({ helmCharts: [entry] });
    await expect(rig.render({ ...options, settings: {} })).rejects.toThrow(/must specify --enable-helm/);
  });

  it('knows version and API versions of the cluster, or those of the Application', async () => {
    writeChart('app/charts');
    await write({ helmCharts: [entry] });
    const cluster = await rig.render(options);
    expect(data(cluster)).toMatchObject({ kube: 'v1.36.1', thing: 'false' });
    const kustomize = { kubeVersion: '1.30.0', apiVersions: ['test.example/v9/Thing'] };
    const own = await rig.render({ ...options, source: { path: 'app', kustomize } });
    expect(data(own)).toMatchObject({ kube: 'v1.30.0', thing: 'true' });
    expect(own.traced.digest).not.toBe(cluster.traced.digest);
  });
});

describe('a chart of a repository', () => {
  it('is fetched with the credentials of the repository, and Helm asks for nothing', async () => {
    const repo = server.url;
    await write({
      helmCharts: [{ name: 'dump', repo, version: '1.0.0', releaseName: 'r', valuesInline: { b: { c: 7 } } }],
    });
    const rendered = await rig.render(options);
    expect(JSON.parse(data(rendered)?.['values'] ?? '')).toEqual({ a: 1, b: { c: 7 } });
    expect(server.log.filter((line) => line.endsWith('401'))).toEqual([]);
    expect(rendered.traced.momentary).toBe(true);
  });

  it.each([
    ['a range', { version: '~1.0' }, ['ConfigMap/r-dump']],
    ['no version', {}, ['ConfigMap/more', 'ConfigMap/r-dump']],
  ])('of %s is the newest that is meant', async (_name, version, expected) => {
    await write({ helmCharts: [{ name: 'dump', repo: server.url, releaseName: 'r', ...version }] });
    expect(Object.keys((await rig.render(options)).objects).sort()).toEqual(expected);
  });

  it('may be named in the older field, by a generator in a file, and by one in the kustomization', async () => {
    const generator = (releaseName: string) => ({
      apiVersion: 'builtin',
      kind: 'HelmChartInflationGenerator',
      metadata: { name: releaseName },
      name: 'dump',
      version: '1.0.0',
      repo: server.url,
      releaseName,
    });
    rig.repository.write('app/generator.yaml', generator('file'));
    await write({
      helmChartInflationGenerator: [
        { chartName: 'dump', chartRepoUrl: server.url, chartVersion: '1.0.0', releaseName: 'old' },
      ],
      generators: ['generator.yaml', toYaml(generator('inline'))],
    });
    expect(Object.keys((await rig.render(options)).objects).sort()).toEqual([
      'ConfigMap/file-dump',
      'ConfigMap/inline-dump',
      'ConfigMap/old-dump',
    ]);
  });

  it('that is not there is named with the kustomization', async () => {
    await write({ helmCharts: [{ name: 'dump', repo: server.url, version: '9.0.0', releaseName: 'r' }] });
    await expect(rig.render(options)).rejects.toThrow(
      /kustomization of app: "chart dump 9\.0\.0 of http.*cannot be had/,
    );
  });

  it('is never fetched from a metadata address', async () => {
    await write({ helmCharts: [{ name: 'dump', repo: 'http://169.254.169.254/charts', releaseName: 'r' }] });
    await expect(rig.render(options)).rejects.toThrow(expect.objectContaining({ code: 'DOWNLOAD_FORBIDDEN' }));
  });
});

describe('a chart of a registry', () => {
  let registry: Registry;
  beforeEach(async () => {
    registry = await startRegistry(login);
    await registry.pushChart('team', 'dump', '1.0.0', chartFiles);
  });
  afterEach(() => registry[Symbol.asyncDispose]());

  it('is fetched by oci://', async () => {
    const repo = `oci://${registry.host}/team`;
    await write({ helmCharts: [{ name: 'dump', repo, version: '1.0.0', releaseName: 'r' }] });
    expect(data(await rig.render(options))).toMatchObject({ kube: 'v1.36.1' });
  });
});

it('the words of Helm reach the error, without folders of this machine', async () => {
  await server.add('broken', '1.0.0', { 'templates/a.yaml': '{{ fail "the chart says no" }}', 'values.yaml': 'a: 1' });
  await write({ helmCharts: [{ name: 'broken', repo: server.url, version: '1.0.0', releaseName: 'r' }] });
  const failure = rig.render(options);
  await expect(failure).rejects.toThrow(/kustomize build app: [\s\S]*the chart says no/);
  await expect(failure).rejects.toThrow(/^(?!.*plumbline-render)/s);
});
