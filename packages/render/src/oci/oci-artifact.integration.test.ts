import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { toYaml } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { configMap } from '@plumbline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveLimits } from '../charts/archive-limits.ts';
import { createChartSources } from '../charts/chart-sources.ts';
import type { ChartSources } from '../charts/types.ts';
import { createRenderer } from '../renderer.ts';
import { type ArchiveMember, archiveOf } from '../test-support/archive.ts';
import { folderLayer, type Registry, startRegistry } from '../test-support/registry.ts';
import { defaultContext, renderTools } from '../test-support/rig.ts';
import type { DependencyCharts, Renderer } from '../types.ts';

const user = { username: 'reader', password: 'canary-word' };
let folder: string;
let registry: Registry;
let charts: ChartSources;
let renderer: Renderer;
let limits: Partial<ArchiveLimits>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-artifacts-'));
  registry = await startRegistry(user);
  renderer = createRenderer({ tools: await renderTools(), workFolder: join(folder, 'work'), logger: silentLogger });
}, 600_000);
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  limits = {};
  charts = createChartSources({
    folder: join(folder, 'charts'),
    access: (url) => ({ url, ...user, insecureOciForceHttp: true }),
    declared: () => undefined,
    limits: () => limits,
  });
});

const text = (name: string, content: string): ArchiveMember => ({ name, text: content });

async function push(name: string, members: readonly ArchiveMember[], { tag = '1.0.0', mediaType = folderLayer } = {}) {
  const content = await archiveOf(members, { gzip: mediaType.endsWith('gzip') });
  return registry.push(name, tag, { layers: [{ mediaType, content }] });
}

const dependencies: DependencyCharts = {
  fetch: (wanted) => charts.fetch({ ...wanted, project: 'default' }),
  open: (wanted) => charts.open({ ...wanted, project: 'default' }),
  archive: (digest) => charts.archive(digest),
};

async function render(name: string, source: Partial<ApplicationSource> = {}) {
  const full = { repoURL: `oci://${registry.host}/${name}`, targetRevision: '1.0.0', path: '.', ...source };
  const reference = { repoURL: full.repoURL, project: 'default' };
  const revision = await charts.resolve({ ...reference, version: full.targetRevision });
  const reader = await charts.open({ ...reference, version: revision });
  const surroundings = { charts: dependencies };
  const traced = await renderer.trace(reader, revision, full, defaultContext, surroundings);
  const { objects } = await renderer.render(reader, revision, traced, defaultContext, { surroundings });
  return { revision, type: traced.type, names: objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort() };
}

const map = (name: string) => toYaml(configMap(name));

describe('an artifact of a registry', () => {
  it('renders as what it holds, at a path in it', async () => {
    await push('team/all', [
      text('plain/a.yaml', map('plain')),
      text('kustomized/kustomization.yaml', 'resources: [a.yaml]\nnamePrefix: x-\n'),
      text('kustomized/a.yaml', map('a')),
      text('chart/Chart.yaml', 'apiVersion: v2\nname: c\nversion: 1.0.0\n'),
      text('chart/templates/a.yaml', map('{{ .Release.Name }}')),
      text('jsonnet/a.jsonnet', JSON.stringify(configMap('computed'))),
    ]);
    expect(await render('team/all', { path: 'plain' })).toMatchObject({
      type: 'Directory',
      names: ['ConfigMap/plain'],
    });
    expect(await render('team/all', { path: 'kustomized' })).toMatchObject({
      type: 'Kustomize',
      names: ['ConfigMap/x-a'],
    });
    expect(await render('team/all', { path: 'chart' })).toMatchObject({ type: 'Helm', names: ['ConfigMap/guestbook'] });
    expect((await render('team/all', { path: 'jsonnet' })).names).toEqual(['ConfigMap/computed']);
  });

  it.each(['application/vnd.oci.image.layer.v1.tar', 'application/vnd.oci.image.layer.v1.tar+gzip'])(
    'may have its files in a layer of the type %s',
    async (mediaType) => {
      await push('team/types', [text('./a.yaml', map('a'))], { mediaType });
      expect((await render('team/types')).names).toEqual(['ConfigMap/a']);
    },
  );

  it('is a chart where a chart was pushed, with its provenance beside it', async () => {
    await registry.pushChart('team', 'chart', '1.0.0', { 'templates/a.yaml': map('{{ .Values.name }}') });
    const helm = { valuesObject: { name: 'from-values' } };
    expect(await render('team/chart', { helm })).toMatchObject({ type: 'Helm', names: ['ConfigMap/from-values'] });
  });

  it('is a chart that depends on charts of the registry', async () => {
    for (const version of ['1.0.0', '1.2.0'])
      await registry.pushChart('team', 'lib', version, { 'templates/a.yaml': map(`lib-${version}`) });
    const repository = `oci://${registry.host}/team`;
    const meta = { apiVersion: 'v2', name: 'umbrella', version: '1.0.0' };
    const wants = (version: string) => ({ ...meta, dependencies: [{ name: 'lib', version, repository }] });
    await push('team/umbrella', [
      text('range/Chart.yaml', JSON.stringify(wants('^1'))),
      text('locked/Chart.yaml', JSON.stringify(wants('^1'))),
      text('locked/Chart.lock', JSON.stringify(wants('1.0.0'))),
    ]);
    expect((await render('team/umbrella', { path: 'range' })).names).toEqual(['ConfigMap/lib-1.2.0']);
    expect((await render('team/umbrella', { path: 'locked' })).names).toEqual(['ConfigMap/lib-1.0.0']);
  });

  it('is found by tag, digest, or a range over its tags; a tag wins over the range of the same text', async () => {
    const digests: Record<string, string> = {};
    for (const tag of ['1.0.0', '1.4.0', '2.0.0-rc.1', 'main', '1'])
      digests[tag] = await push('team/tags', [text('a.yaml', map(`t${tag.replaceAll('.', '-')}`))], { tag });
    const found = async (wanted: string) => (await render('team/tags', { targetRevision: wanted })).revision;
    expect(await found('1.4.0')).toBe(digests['1.4.0']);
    expect(await found('main')).toBe(digests['main']);
    expect(await found(digests['main'] ?? '')).toBe(digests['main']);
    expect(await found('1.*')).toBe(digests['1.4.0']);
    expect(await found('>=2.0.0-0')).toBe(digests['2.0.0-rc.1']);
    expect(await found('1')).toBe(digests['1']);
  });

  it('renders the tag where it is now, and the digest where it was', async () => {
    const before = await push('team/moving', [text('a.yaml', map('before'))], { tag: 'latest' });
    expect((await render('team/moving', { targetRevision: 'latest' })).names).toEqual(['ConfigMap/before']);
    await push('team/moving', [text('a.yaml', map('after'))], { tag: 'latest' });
    expect((await render('team/moving', { targetRevision: 'latest' })).names).toEqual(['ConfigMap/after']);
    expect((await render('team/moving', { targetRevision: before })).names).toEqual(['ConfigMap/before']);
  });

  it('gives its templates nothing of this machine', async () => {
    const canary = join(folder, 'canary.yaml');
    await writeFile(canary, map('canary'));
    await push('evil/chart', [
      text('Chart.yaml', 'apiVersion: v2\nname: c\nversion: 1.0.0\n'),
      text('templates/a.yaml', `{{ .Files.Get "${canary}" }}{{ .Files.Get "../../canary.yaml" }}`),
    ]);
    expect((await render('evil/chart')).names).toEqual([]);
    await expect(render('evil/chart', { helm: { valueFiles: [`../../${canary}`] } })).rejects.toThrow(/outside/);
  });
});

describe('an artifact is refused', () => {
  it('with a layer whose type is not allowed, until it is', async () => {
    const mediaType = 'application/vnd.example.manifests.v1.tar+gzip';
    await push('team/custom', [text('a.yaml', map('a'))], { mediaType });
    await expect(render('team/custom')).rejects.toThrow(
      /team\/custom has a layer of the type application\/vnd.example.* not allowed/,
    );
    limits = { layerMediaTypes: [mediaType] };
    expect((await render('team/custom')).names).toEqual(['ConfigMap/a']);
    await push('team/plain', [text('a.yaml', map('a'))]);
    await expect(render('team/plain')).rejects.toThrow(/not allowed/);
    limits = {};
    await expect(render('team/custom')).rejects.toThrow(/not allowed/);
    expect((await render('team/plain')).names).toEqual(['ConfigMap/a']);
  });

  it('with several layers of files, or none', async () => {
    const layer = (name: string) => archiveOf([text(name, map('a'))]);
    const layers = [
      { mediaType: folderLayer, content: await layer('a.yaml') },
      { mediaType: folderLayer, content: await layer('b.yaml') },
    ];
    await registry.push('team/two', '1.0.0', { layers });
    await expect(render('team/two')).rejects.toThrow(/exactly one layer of files, and has 2/);
    const note = { mediaType: 'text/plain', content: Buffer.from('x') };
    await registry.push('team/none', '1.0.0', { layers: [note] });
    await expect(render('team/none')).rejects.toThrow(/has 0 \(layers: text\/plain\)/);
  });

  it('that unpacks to more than the limit, naming the setting', async () => {
    await push('team/bomb', [text('a.yaml', '#'.repeat(3_000_000))]);
    limits = { maxArtifactBytes: 1_000_000 };
    const failure = render('team/bomb');
    await expect(failure).rejects.toThrow(/team\/bomb holds more than 1000000 bytes/);
    await expect(failure).rejects.toMatchObject({
      hint: expect.stringContaining('reposerver.oci.manifest.max.extracted.size'),
    });
  });

  it.each<[string, ArchiveMember[]]>([
    ['absolute', [{ name: '/etc/canary', text: 'x' }]],
    ['climbing', [{ name: 'a/../../canary', text: 'x' }]],
    ['hard link', [{ name: 'a.yaml', type: 'link', linkname: '/etc/hostname' }]],
    ['symlink', [{ name: 'a.yaml', type: 'symlink', linkname: '/etc/hostname' }]],
    ['climbing symlink', [{ name: 'a.yaml', type: 'symlink', linkname: '../../../../etc/hostname' }]],
    [
      'symlink of a folder',
      [
        { name: 'd', type: 'symlink', linkname: '/etc' },
        { name: 'a.yaml', text: map('a') },
      ],
    ],
  ])('that leads outside itself: %s', async (name, members) => {
    const artifact = `evil/${name.replaceAll(' ', '-')}`;
    await push(artifact, members);
    await expect(render(artifact)).rejects.toThrow(/outside|no file|out-of-bounds|leaves/);
  });

  it('that is not there, with what is', async () => {
    await push('team/there', [text('a.yaml', map('a'))]);
    await expect(render('team/there', { targetRevision: '9.9.9' })).rejects.toThrow(/has no version 9.9.9/);
    await expect(render('team/there', { targetRevision: 'not a tag' })).rejects.toThrow(/"not a tag" is no tag/);
    await expect(render('team/nowhere')).rejects.toThrow(/team\/nowhere does not exist/);
    await expect(render('team/there', { path: 'none' })).rejects.toThrow(
      /none: app path does not exist at revision sha256/,
    );
  });
});
