import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureTools } from '../tools/ensure-tools.ts';
import { isRunning, startTimeOf } from './process-identity.ts';

const minutes = 60_000;
const source = fileURLToPath(new URL('../index.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-guardian-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program that uses this package in a process of its own; resolves with its first line, parsed. */
async function parent(program: string): Promise<{ said: unknown; kill(): void }> {
  const file = join(folder, 'parent.ts');
  await writeFile(
    file,
    `import * as embedded from ${JSON.stringify(source)};\n${program}\nsetInterval(() => {}, 1000);\n`,
  );
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the parent ended with ${code}`)));
  });
  return { said: JSON.parse(line), kill: () => child.kill('SIGKILL') };
}

function identities(pids: readonly number[]) {
  return pids.map((pid) => ({ pid, startTime: startTimeOf(pid) ?? '' }));
}

test('kill -9 of the parent leaves no process of the control plane or Redis', { timeout: 15 * minutes }, async () => {
  const tools = await ensureTools();
  const planeFolder = join(folder, 'plane');
  const { said, kill } = await parent(`
    const guardian = embedded.createGuardian();
    const plane = await embedded.startControlPlane({ folder: ${JSON.stringify(planeFolder)}, tools: ${JSON.stringify(tools)}, guardian });
    const redis = await embedded.startRedis({ guardian });
    console.log(JSON.stringify([...plane.pids, redis.pid, guardian.pid]));`);
  const processes = identities(said as number[]);
  expect(processes.every(({ pid, startTime }) => isRunning(pid, startTime))).toBe(true);
  kill();
  await expect
    .poll(() => processes.filter(({ pid, startTime }) => isRunning(pid, startTime)), { timeout: 5_000 })
    .toEqual([]);
});

/** Whatever works in the folder. */
async function processesIn(work: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => folders[index] === work);
}

test.runIf(process.platform === 'linux').each(['etcd', 'kube-apiserver', 'controllers'])(
  'kill -9 of the parent while it starts %s leaves nothing',
  { timeout: minutes },
  async (step) => {
    const planeFolder = join(folder, `broken-off-${step}`);
    const { kill } = await parent(`
    await embedded.startControlPlane({
      folder: ${JSON.stringify(planeFolder)},
      tools: ${JSON.stringify(await ensureTools())},
      onProgress: (progress) => progress.step === '${step}' && console.log('true'),
    });`);
    await expect.poll(() => processesIn(planeFolder), { interval: 1 }).not.toEqual([]);
    kill();
    await expect.poll(() => processesIn(planeFolder), { timeout: 5_000 }).toEqual([]);
  },
);

test('what is forgotten or was never that process is left alone, temporary folders go', {
  timeout: minutes,
}, async () => {
  const doomed = join(folder, 'to be removed');
  await mkdir(doomed);
  const { said, kill } = await parent(`
    import { spawn } from 'node:child_process';
    const sleeper = () => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).pid;
    const [watched, forgotten] = [sleeper(), sleeper()];
    const guardian = embedded.createGuardian();
    guardian.watch(watched);
    guardian.watch(forgotten);
    guardian.forget(forgotten);
    guardian.discard(${JSON.stringify(doomed)});
    console.log(JSON.stringify([guardian.pid, watched, forgotten]));`);
  const [guardian, watched, forgotten] = identities(said as number[]);
  if (!guardian || !watched || !forgotten) throw new Error('three pids were expected');
  kill();
  await expect.poll(() => isRunning(guardian.pid, guardian.startTime), { timeout: 5_000 }).toBe(false);
  expect(isRunning(watched.pid, watched.startTime)).toBe(false);
  expect(isRunning(forgotten.pid, forgotten.startTime)).toBe(true);
  expect(existsSync(doomed)).toBe(false);
  process.kill(forgotten.pid);
});

test('a process whose pid was given to another one has another start time', async () => {
  const own = startTimeOf(process.pid);
  expect(own).toBeDefined();
  expect(isRunning(process.pid, own ?? '')).toBe(true);
  if (process.platform === 'linux') {
    expect(own).toBe((await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ')[19]);
    expect(isRunning(process.pid, `${Number(own) + 1}`)).toBe(false);
  }
});
