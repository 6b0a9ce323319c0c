import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGitBackend, createMirrors } from '@plumbline/git';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { expect, it } from 'vitest';
import { canonicalJson } from './digest.ts';
import { createRenderer } from './renderer.ts';
import { createBareRender } from './test-support/bare-render.ts';
import { randomFrom } from './test-support/random.ts';
import { mutate } from './test-support/random-mutation.ts';
import { type RandomApp, type RandomRepository, randomRepository } from './test-support/random-repository.ts';
import { defaultContext, defaultSettings, renderTools } from './test-support/rig.ts';

const seed = Number(process.env['PLUMB_PROPERTY_SEED'] ?? 7);
const repositories = Number(process.env['PLUMB_PROPERTY_REPOSITORIES'] ?? 1);
const commits = Number(process.env['PLUMB_PROPERTY_COMMITS'] ?? 5);

async function writeAll({ folder }: GitRepository, before: ReadonlyMap<string, string>, files: Map<string, string>) {
  for (const path of before.keys()) if (before.get(path) !== files.get(path)) await rm(join(folder, path));
  for (const [path, text] of files) {
    if (before.get(path) === text) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (text.startsWith('-> ')) await symlink(text.slice(3), join(folder, path));
    else await writeFile(join(folder, path), text);
  }
}

async function startRig() {
  const tools = await renderTools();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-property-'));
  const backend = createGitBackend({ logger: silentLogger, metrics: createMetrics({ processMetrics: false }) });
  const mirrors = createMirrors({ backend, folder: join(folder, 'mirrors'), logger: silentLogger });
  const renderer = createRenderer({ tools, workFolder: join(folder, 'work'), logger: silentLogger });
  const bare = createBareRender(tools);
  const settings = { ...defaultSettings, kustomizeBuildOptions: ['--enable-helm'] };
  const outputs = new Map<string, string>();
  /** Digest and objects of an Application at a commit; objects of a known digest are not made again, as in the cache. */
  const render = async ({ url }: GitRepository, revision: string, { name, source }: RandomApp) => {
    const mirror = await mirrors.get({ url });
    await mirror.ensureCommit(revision);
    const context = { ...defaultContext, appName: name, settings };
    const full = { repoURL: url, targetRevision: 'main', ...source };
    const surroundings = { refs: new Map([['here', { repoURL: url, revision, open: async () => mirror }]]) };
    try {
      const traced = await renderer.trace(mirror, revision, full, context, surroundings);
      const known = outputs.get(traced.digest);
      if (known !== undefined) return { digest: traced.digest, output: known, inputs: traced.inputs };
      const output = await renderer.render(mirror, revision, traced, context, { surroundings }).then(
        ({ objects }) => canonicalJson(objects),
        (error: unknown) => {
          if (process.env['PLUMB_PROPERTY_REPORT']) console.log(name, String(error));
          return failed;
        },
      );
      outputs.set(traced.digest, output);
      return { digest: traced.digest, output, inputs: traced.inputs };
    } catch {
      return { digest: 'none', output: failed, inputs: [] };
    }
  };
  return {
    render,
    bare: async (app: RandomApp, random: RandomRepository, { folder: checkout }: GitRepository) =>
      canonicalJson(await bare(app, random, checkout)),
    async [Symbol.asyncDispose]() {
      await mirrors.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
type PropertyRig = Awaited<ReturnType<typeof startRig>>;

/** Sources that cannot be rendered: whatever changed may have mended them. */
const failed = canonicalJson('failed');

interface Tally {
  /** Pairs of a commit and an Application. */
  pairs: number;
  changed: number;
  failed: number;
  /** Digests that changed where the objects did not. */
  idle: string[];
}

type States = Map<string, { digest: string; output: string }>;

async function look(rig: PropertyRig, repository: GitRepository, random: RandomRepository, place: string) {
  const revision = await repository.commit();
  const states: States = new Map();
  for (const app of random.apps) {
    const [{ digest, output, inputs }, expected] = await Promise.all([
      rig.render(repository, revision, app),
      rig.bare(app, random, repository),
    ]);
    const told = `${place}: ${app.name} ${JSON.stringify(app.source)}, inputs ${JSON.stringify(inputs)}`;
    expect(output, `the cached objects are those of the bare tool. ${told}`).toBe(expected);
    states.set(app.name, { digest, output });
  }
  return states;
}

function compare(before: States, after: States, { tally, place }: { tally: Tally; place: string }): void {
  for (const [name, { digest, output }] of after) {
    const old = before.get(name);
    tally.pairs += 1;
    if (output === failed) tally.failed += 1;
    if (old?.output !== output) tally.changed += 1;
    if (old?.output !== output)
      expect(digest, `${place}: ${name} changed, and its digest did not`).not.toBe(old?.digest);
    else if (old.digest !== digest && output !== failed) tally.idle.push(`${place}: ${name}`);
  }
}

async function runProperty(): Promise<Tally> {
  await using rig = await startRig();
  const tally: Tally = { pairs: 0, changed: 0, failed: 0, idle: [] };
  for (let number = 0; number < repositories; number += 1) {
    const random = randomFrom(seed + number);
    const drawn = randomRepository(random);
    await using repository = await gitRepository();
    await writeAll(repository, new Map(), drawn.files);
    const begin = `PLUMB_PROPERTY_SEED=${seed + number}`;
    let states = await look(rig, repository, drawn, begin);
    const first = new Map(drawn.files);
    for (let commit = 0; commit < commits; commit += 1) {
      const before = new Map(drawn.files);
      // A repository that breaks more and more would say little.
      if (commit % 8 === 7) {
        drawn.files.clear();
        for (const [path, text] of first) drawn.files.set(path, text);
      }
      const place = `${begin} commit ${commit}: ${mutate(drawn.files, random)}`;
      await writeAll(repository, before, drawn.files);
      const after = await look(rig, repository, drawn, place);
      if (commit % 8 !== 7) compare(states, after, { tally, place });
      states = after;
    }
  }
  return tally;
}

const timeout = 60_000 + repositories * commits * 20_000;

it(
  'renders again what a commit changed, and at most 1 % more',
  async () => {
    const { pairs, changed, failed: broken, idle } = await runProperty();
    if (process.env['PLUMB_PROPERTY_REPORT']) console.log({ pairs, changed, broken, idle });
    expect(idle.length, `${idle.join('\n')}\nof ${pairs}`).toBeLessThanOrEqual(Math.ceil(pairs / 100));
  },
  timeout,
);
