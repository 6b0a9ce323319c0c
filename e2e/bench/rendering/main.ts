import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTools } from '@plumbline/embedded-cluster';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { eachLimited } from '../each-limited.ts';
import { openEngine } from '../engine.ts';
import { parseOptions } from '../options.ts';
import { median } from '../statistics.ts';
import { table } from '../table.ts';
import { bareBuilds } from './bare-builds.ts';
import { overlay, overlayCount, writeAll, writeBase, writeOverlay } from './overlays.ts';
import { openRepoServer, type RepoServerCalls } from './repo-server-calls.ts';

const asked = 64;
const sample = 20;
const branches = { revisions: 8, overlays: 4 };

interface Setting {
  server: RepoServerCalls;
  repository: GitRepository;
  kustomize: string;
}
type Line = [what: string, figure: string, goal: string];

const all = Array.from({ length: overlayCount }, (_, index) => index);
const times = (value: number, of: number): string => `${(value / of).toFixed(2)} ×`;

/** All overlays are asked for at HEAD, as their Applications would after a commit. */
async function renderAll({ server }: Setting): Promise<void> {
  const revision = await server.resolve();
  await eachLimited(all, asked, (index) => server.render(overlay(index), revision));
}

/** A commit, and what it costs until all know it. */
async function commitCosts(setting: Setting, what: string, change: () => void) {
  change();
  await setting.repository.commit(what);
  return setting.server.measure(() => renderAll(setting));
}

async function commits(setting: Setting, bareCpu: number): Promise<Line[]> {
  const { repository } = setting;
  const line = (what: string, { wall, cpu, renders }: Awaited<ReturnType<typeof commitCosts>>, goal: string): Line => [
    `${what}: ${wall.toFixed(1)} s, CPU of ${(cpu / bareCpu).toFixed(0)} bare builds`,
    `${renders} renders`,
    goal,
  ];
  const first = await commitCosts(setting, 'all', () => writeAll(repository));
  const leaf = await commitCosts(setting, 'leaf', () => writeOverlay(repository, 7, 1));
  const base = await commitCosts(setting, 'base', () => writeBase(repository, 3, 1));
  const readme = await commitCosts(setting, 'readme', () => void repository.write('README.md', 'changed'));
  return [
    line(`${overlayCount} overlays, first render`, first, ''),
    line('commit to a leaf', leaf, '1'),
    line('commit to a base of 50', base, '50'),
    line('commit to README', readme, '0; CPU ≤ 100 bare builds'),
  ];
}

/** One render after the other, each beside the bare tool on the same folder, so that both meet the same machine. */
async function overhead({ server, repository, kustomize }: Setting): Promise<Line[]> {
  const indexes = all.slice(100, 100 + sample);
  for (const index of indexes) writeOverlay(repository, index, 2);
  await repository.commit('sample');
  const revision = await server.resolve();
  const bareLatencies: number[] = [];
  const each = async (between: (folder: string) => Promise<void>) => {
    const latencies: number[] = [];
    const cost = await server.measure(async () => {
      for (const index of indexes) {
        const started = performance.now();
        await server.render(overlay(index), revision);
        latencies.push((performance.now() - started) / 1000);
        await between(join(repository.folder, overlay(index)));
      }
    });
    return { latency: median(latencies), cpu: cost.cpu / sample };
  };
  const fresh = await each(async (folder) => {
    bareLatencies.push((await bareBuilds(kustomize, [folder], 1)).wall);
  });
  const known = await each(async () => {});
  const folders = indexes.map((index) => join(repository.folder, overlay(index)));
  const bareLatency = median(bareLatencies);
  const bareCpu = (await bareBuilds(kustomize, folders, 1)).cpu / sample;
  return [
    ['render, latency of the bare build', times(fresh.latency, bareLatency), '≤ 2 ×'],
    ['render, CPU of the bare build', times(fresh.cpu, bareCpu), '≤ 2 ×'],
    ['cache hit, latency of a render', times(known.latency, fresh.latency), '≤ 0.1 ×'],
    ['cache hit, CPU of a render', times(known.cpu, fresh.cpu), '≤ 0.1 ×'],
  ];
}

/** Several revisions of the same folders at one time. */
async function sideBySide({ server, repository, kustomize }: Setting): Promise<Line[]> {
  const indexes = all.slice(200, 200 + branches.overlays);
  const requests: { path: string; revision: string }[] = [];
  for (let round = 0; round < branches.revisions; round += 1) {
    for (const index of indexes) writeOverlay(repository, index, 10 + round);
    await repository.commit(`revision ${round}`);
    const revision = await server.resolve();
    for (const index of indexes) requests.push({ path: overlay(index), revision });
  }
  const cost = await server.measure(async () => {
    await Promise.all(requests.map(({ path, revision }) => server.render(path, revision)));
  });
  const folders = requests.map(({ path }) => join(repository.folder, path));
  const bare = await bareBuilds(kustomize, folders, availableParallelism());
  const what = `${cost.renders} renders of ${branches.revisions} revisions at once, wall of as many bare builds`;
  return [[what, times(cost.wall, bare.wall), '≤ 1.3 ×']];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'ready-file': { type: 'string' } } });
  const options = parseOptions(values['ready-file'] ? ['--ready-file', values['ready-file']] : []);
  if (!options) return;
  await using engine = await openEngine(options);
  await using repository = await gitRepository();
  await using server = await openRepoServer(engine.ready, repository.url);
  const { kustomize } = await ensureTools({ names: ['kustomize'] });
  const setting: Setting = { server, repository, kustomize };
  writeAll(repository);
  const folders = all.slice(0, sample).map((index) => join(repository.folder, overlay(index)));
  const bare = await bareBuilds(kustomize, folders, 1);
  const lines = [
    ...(await commits(setting, bare.cpu / sample)),
    ...(await overhead(setting)),
    ...(await sideBySide(setting)),
  ];
  console.log(table([['rendering', 'measured', 'goal'], ...lines]));
}

await main();
