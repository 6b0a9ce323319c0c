import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takeBuildLock } from './build-lock.ts';
import { ensureTools } from './ensure-tools.ts';
import { executablesOnPath } from './find-on-path.ts';
import { findGo } from './go.ts';
import type { ToolProgress } from './progress.ts';

const minutes = 60_000;
vi.setConfig({ testTimeout: 10 * minutes });
const program = promisify(execFile);
const source = fileURLToPath(new URL('../index.ts', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-tools-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** jsonnet is the smallest of the programs. */
async function ensureJsonnet(cacheFolder: string): Promise<{ path: string; stages: string[] }> {
  const events: ToolProgress[] = [];
  const { jsonnet } = await ensureTools({ names: ['jsonnet'], cacheFolder, onProgress: (event) => events.push(event) });
  return { path: jsonnet, stages: events.map(({ stage }) => stage) };
}

test('a tool is built once and then taken from the cache', async () => {
  const first = await ensureJsonnet(folder);
  expect(first.stages).toEqual(expect.arrayContaining(['building', 'built']));
  const { stdout } = await program(first.path, ['-e', '{ answer: 6 * 7 }']);
  expect(JSON.parse(stdout)).toEqual({ answer: 42 });
  expect(await ensureJsonnet(folder)).toEqual({ path: first.path, stages: ['cached'] });
  expect(await readdir(folder)).toEqual([first.path.slice(folder.length + 1)]);
});

test('two processes at once make one build, and both get the tool', async () => {
  const script = join(folder, 'ensure.ts');
  await writeFile(
    script,
    `import { ensureTools } from ${JSON.stringify(source)};
     const stages = [];
     const paths = await ensureTools({ names: ['jsonnet', 'kwok-stages'], cacheFolder: process.argv[2], onProgress: (e) => stages.push(e.stage) });
     console.log(JSON.stringify({ paths, stages }));`,
  );
  const cache = join(folder, 'cache');
  const runs = await Promise.all([1, 2, 3].map(() => program(process.execPath, [script, cache])));
  const answers = runs.map(({ stdout }) => JSON.parse(stdout) as { paths: object; stages: string[] });
  expect(new Set(answers.map(({ paths }) => JSON.stringify(paths))).size).toBe(1);
  expect(answers.flatMap(({ stages }) => stages).filter((stage) => stage === 'built')).toHaveLength(2);
  expect((await readdir(cache)).length).toBe(2);
});

test('the stages of kwok are those for nodes and pods', async () => {
  const tools = await ensureTools({ names: ['kwok-stages'], cacheFolder: folder });
  const text = await readFile(tools['kwok-stages'], 'utf8');
  const names = [...text.matchAll(/^ {2}name: (\S+)$/gm)].map((match) => match[1]);
  expect(names).toEqual(['node-initialize', 'node-heartbeat-with-lease', 'pod-ready', 'pod-complete', 'pod-delete']);
});

test('a tool on PATH is used where its version is right, and passed over where it is not', async () => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const script = (version: string) =>
    `#!/bin/sh\necho 'Jsonnet commandline interpreter (Go implementation) ${version}'\n`;
  await writeFile(join(bin, 'jsonnet'), script('v0.21.0'), { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  expect(await ensureJsonnet(folder)).toEqual({ path: join(bin, 'jsonnet'), stages: ['found'] });
  await writeFile(join(bin, 'jsonnet'), script('v0.17.0'), { mode: 0o755 });
  expect((await ensureJsonnet(folder)).path).not.toBe(join(bin, 'jsonnet'));
});

test('with a Go that is too old the error says what to install', async () => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'go'), '#!/bin/sh\necho go1.19.8\n', { mode: 0o755 });
  await expect(findGo('jsonnet', 'build jsonnet', bin)).rejects.toMatchObject({
    code: 'EMBEDDED_GO_MISSING',
    message: expect.stringContaining('go1.19.8'),
    hint: expect.stringMatching(/install Go 1\.26 or newer/),
  });
});

test('a build that cannot work says what Go said', async () => {
  const bin = join(folder, 'bin');
  const failing = '#!/bin/sh\n[ "$1" = env ] && { echo go1.99.0; exit; }\necho "no space left on device" >&2\nexit 1\n';
  await mkdir(bin);
  await writeFile(join(bin, 'go'), failing, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  await expect(ensureJsonnet(folder)).rejects.toMatchObject({
    code: 'EMBEDDED_BUILD_FAILED',
    message: expect.stringContaining('no space left on device'),
  });
  expect(await readdir(folder)).toEqual(['bin']);
});

test('the lock of a process that is gone is taken over, that of a live one is waited for', async () => {
  const lock = join(folder, 'build.lock');
  await writeFile(lock, '999999999 1 gone');
  const release = await takeBuildLock(lock);
  const order: string[] = [];
  const second = takeBuildLock(lock, { onWait: () => order.push('waits') }).then(async (done) => {
    order.push('has it');
    await done();
  });
  await expect.poll(() => order).toEqual(['waits']);
  await release();
  await second;
  expect(order).toEqual(['waits', 'has it']);
  expect(await readdir(folder)).toEqual([]);
});

test('PATH is searched in its order', async () => {
  const [git] = await executablesOnPath('git');
  if (!git) throw new Error('git is needed for this test');
  await symlink(git, join(folder, 'git'));
  expect((await executablesOnPath('git', `${folder}:${dirname(git)}`))[0]).toBe(join(folder, 'git'));
});
