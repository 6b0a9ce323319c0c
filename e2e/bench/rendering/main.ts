import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTools } from '@plumbline/embedded-cluster';
import { gitRepository } from '@plumbline/testing';
import { openEngine } from '../engine.ts';
import { parseOptions } from '../options.ts';
import { table } from '../table.ts';
import { chartFiles } from './charts.ts';
import { overlay, writeAll, writeOverlay } from './overlays.ts';
import { openRepoServer } from './repo-server-calls.ts';
import type { Line, Setting } from './setting.ts';
import { commits } from './workloads/commits.ts';
import { largeRepository } from './workloads/large-repository.ts';
import { overhead } from './workloads/overhead.ts';
import { sideBySide } from './workloads/side-by-side.ts';
import { umbrellaCharts } from './workloads/umbrella-charts.ts';

/** A running engine must not know the content from the last time. */
const run = randomBytes(4).toString('hex');
const sample = Array.from({ length: 20 }, (_, index) => index);

async function kustomizeOverhead(setting: Setting): Promise<Line[]> {
  const indexes = sample.map((index) => 100 + index);
  for (const index of indexes) writeOverlay(setting.repository, index, 2);
  const bare = (path: string) => [setting.tools.kustomize, 'build', join(setting.repository.folder, path)] as const;
  return overhead(setting, { tool: 'kustomize build', paths: indexes.map(overlay), bare, goal: 2 });
}

async function helmOverhead(setting: Setting): Promise<Line[]> {
  const { repository, tools } = setting;
  const path = (index: number) => `charts/app-${index}`;
  for (const index of sample) {
    for (const [file, content] of Object.entries(chartFiles(`app-${index}`, '1.0.0', run)))
      repository.write(`${path(index)}/${file}`, content);
  }
  const bare = (folder: string) =>
    [tools.helm, 'template', 'bench', join(repository.folder, folder), '--include-crds'] as const;
  return overhead(setting, { tool: 'helm template', paths: sample.map(path), bare, goal: 1.3 });
}

const workloads: Readonly<Record<string, (setting: Setting) => Promise<Line[]>>> = {
  commits,
  kustomize: kustomizeOverhead,
  helm: helmOverhead,
  'side-by-side': sideBySide,
  umbrella: (setting) => umbrellaCharts(setting, run),
  large: largeRepository,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'ready-file': { type: 'string' }, workload: { type: 'string', default: Object.keys(workloads).join() } },
  });
  const options = parseOptions(values['ready-file'] ? ['--ready-file', values['ready-file']] : []);
  if (!options) return;
  await using engine = await openEngine(options);
  await using repository = await gitRepository();
  await using server = await openRepoServer(engine.ready);
  const setting: Setting = { server, repository, tools: await ensureTools({ names: ['kustomize', 'helm'] }) };
  writeAll(repository);
  const lines: Line[] = [];
  for (const name of values.workload.split(',')) {
    const workload = workloads[name];
    if (!workload) throw new RangeError(`no workload ${name}; there are ${Object.keys(workloads).join(', ')}`);
    lines.push(...(await workload(setting)));
  }
  console.log(table([['rendering', 'measured', 'goal'], ...lines]));
}

await main();
