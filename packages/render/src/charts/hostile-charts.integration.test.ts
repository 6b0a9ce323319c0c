import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toYaml } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRenderer } from '../renderer.ts';
import { type ArchiveMember, archiveOf } from '../test-support/archive.ts';
import { type ChartServer, chartServer } from '../test-support/chart-server.ts';
import { defaultContext, renderTools } from '../test-support/rig.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { createChartSources } from './chart-sources.ts';
import type { ChartSources } from './types.ts';

let folder: string;
let server: ChartServer;
let charts: ChartSources;
let limits: Partial<ArchiveLimits>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-hostile-'));
  server = await chartServer();
  limits = {};
  const more = { declared: () => undefined, limits: () => limits };
  charts = createChartSources({ folder: join(folder, 'charts'), access: (url) => ({ url }), ...more });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const reference = () => ({ repoURL: server.url, chart: 'thing', version: '1.0.0', project: 'default' });

/** Puts an archive, however bad, where the index says that the chart is. */
async function serve(archive: Buffer): Promise<void> {
  const entry = { version: '1.0.0', urls: ['thing.tgz'] };
  server.files.set('/thing.tgz', archive);
  server.files.set('/index.yaml', Buffer.from(JSON.stringify({ apiVersion: 'v1', entries: { thing: [entry] } })));
}

async function render() {
  const reader = await charts.open(reference());
  const renderer = createRenderer({
    tools: await renderTools(),
    workFolder: join(folder, 'work'),
    logger: silentLogger,
  });
  const source = { repoURL: server.url, chart: 'thing', targetRevision: '1.0.0' };
  const traced = await renderer.trace(reader, '1.0.0', source, defaultContext);
  return renderer.render(reader, '1.0.0', traced, defaultContext, {});
}

const meta = { name: 'thing/Chart.yaml', text: 'apiVersion: v2\nname: thing\nversion: 1.0.0\n' };

describe('an archive of a chart', () => {
  it('that unpacks to more than the limit is refused, naming the setting, and leaves nothing', async () => {
    await serve(await archiveOf([meta, { name: 'thing/templates/bomb.yaml', text: '#'.repeat(5_000_000) }]));
    limits = { maxChartBytes: 1_000_000 };
    await expect(charts.open(reference())).rejects.toMatchObject({
      message: expect.stringMatching(/chart thing 1.0.0 holds more than 1000000 bytes/),
      hint: expect.stringContaining('reposerver.helm.manifest.max.extracted.size'),
    });
    expect(await readdir(join(folder, 'charts', 'unpacked'))).toEqual([]);
    limits = { maxChartBytes: Number.POSITIVE_INFINITY };
    await expect(charts.open(reference())).resolves.toBeDefined();
    limits = { maxChartBytes: 2_000_000 };
    await expect(charts.open(reference())).rejects.toThrow(/more than 2000000 bytes/);
  });

  it('of 10 GB of zeros is refused in no time and with no memory', async () => {
    const zeros = gzipSync(Buffer.alloc(100_000_000));
    await serve(Buffer.concat(Array.from({ length: 100 }, () => zeros)));
    limits = { maxChartBytes: 50_000_000 };
    const before = process.memoryUsage.rss();
    await expect(charts.open(reference())).rejects.toThrow(/unpacks to more than 50000000 bytes/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
  });

  it('with a bomb inside it is refused by helm within its limits', async () => {
    const inner = await archiveOf([
      { name: 'sub/Chart.yaml', text: 'apiVersion: v2\nname: sub\nversion: 1.0.0\n' },
      { name: 'sub/templates/bomb.yaml', text: '#'.repeat(200_000_000) },
    ]);
    await serve(await archiveOf([meta, { name: 'thing/charts/sub-1.0.0.tgz', text: inner }]));
    await expect(render()).rejects.toThrow(/too large|exceeds|maximum/i);
  }, 60_000);

  it.each<[string, ArchiveMember]>([
    ['an absolute path', { name: '/tmp/canary', text: 'x' }],
    ['a path that climbs', { name: 'thing/../../canary', text: 'x' }],
    ['a hard link', { name: 'thing/templates/a.yaml', type: 'link', linkname: '/etc/hostname' }],
    ['a symlink', { name: 'thing/templates/a.yaml', type: 'symlink', linkname: '/etc/hostname' }],
    ['a symlink that climbs', { name: 'thing/values.yaml', type: 'symlink', linkname: '../../../../etc/hostname' }],
  ])('with %s is refused', async (_what, member) => {
    await serve(await archiveOf([meta, member]));
    await expect(render()).rejects.toThrow(/outside|no file|leaves/);
    expect((await readdir(folder)).filter((name) => !['charts', 'work'].includes(name))).toEqual([]);
  });

  it('with symlinks in it renders as what they lead to', async () => {
    const members: ArchiveMember[] = [
      meta,
      { name: 'thing/files/real.yaml', text: toYaml(configMap('real')) },
      { name: 'thing/templates/a.yaml', type: 'symlink', linkname: '../files/real.yaml' },
    ];
    await serve(await archiveOf(members));
    expect((await render()).objects.map(({ metadata }) => metadata.name)).toEqual(['real']);
  });
});

describe('an index', () => {
  it('that is larger than the limit is refused while it comes', async () => {
    server.files.set('/index.yaml', Buffer.alloc(3_000_000, 'a'));
    limits = { maxIndexBytes: 1_000_000 };
    await expect(charts.resolve(reference())).rejects.toMatchObject({ code: 'DOWNLOAD_TOO_LARGE' });
  });

  it('of aliases that multiply is refused in no time', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const of = level === 0 ? '"x"' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => of).join(', ')}]`;
    });
    server.files.set('/index.yaml', Buffer.from(`${levels.join('\n')}\nentries: {thing: *l8}\n`));
    const started = performance.now();
    await expect(charts.resolve(reference())).rejects.toMatchObject({ code: expect.stringMatching(/^CHART_/) });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each(['', 'nothing', '[]', 'entries: []', '{"entries": {"thing": {}}}', 'entries: {thing: [1, null, {}]}'])(
    'that is none, or holds nothing, is an error: %j',
    async (text) => {
      server.files.set('/index.yaml', Buffer.from(text));
      await expect(charts.resolve(reference())).rejects.toMatchObject({ code: expect.stringMatching(/^CHART_/) });
    },
  );
});
