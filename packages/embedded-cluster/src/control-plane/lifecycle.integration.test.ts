import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRunning, startTimeOf } from '../processes/process-identity.ts';
import { ensureTools } from '../tools/ensure-tools.ts';
import { apiRequests } from './api-request.ts';
import type { ControlPlaneTools } from './components.ts';
import { loadCredentials } from './credentials.ts';
import { startControlPlane } from './start-control-plane.ts';

const minutes = 60_000;
let root: string;
let tools: ControlPlaneTools;

beforeAll(async () => {
  tools = await ensureTools();
  root = await mkdtemp(join(tmpdir(), 'plumbline-planes-'));
}, 15 * minutes);

afterAll(() => rm(root, { recursive: true, force: true }));

test('a restart over the same folder keeps data, address and credentials', { timeout: 2 * minutes }, async () => {
  const folder = join(root, 'restart');
  const configMaps = '/api/v1/namespaces/default/configmaps';
  const first = await startControlPlane({ folder, tools });
  const kubeconfig = await readFile(first.kubeconfig, 'utf8');
  const request = apiRequests(first.server, await loadCredentials(folder));
  await request('POST', configMaps, { metadata: { name: 'kept' }, data: { a: 'b' } });
  await first.stop();

  await using second = await startControlPlane({ folder, tools });
  expect(second.server).toBe(first.server);
  expect(await readFile(second.kubeconfig, 'utf8')).toBe(kubeconfig);
  expect(await request('GET', `${configMaps}/kept`)).toMatchObject({ status: 200, body: { data: { a: 'b' } } });
});

test('a stop ends every process within five seconds', { timeout: 2 * minutes }, async () => {
  const plane = await startControlPlane({ folder: join(root, 'stop'), tools });
  const processes = plane.pids.map((pid) => ({ pid, startTime: startTimeOf(pid) ?? '' }));
  const began = performance.now();
  await plane.stop();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(processes.filter(({ pid, startTime }) => isRunning(pid, startTime))).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'no process of a control plane is a descendant of who started it, and none becomes a zombie',
  { timeout: 2 * minutes },
  async () => {
    const plane = await startControlPlane({ folder: join(root, 'apart'), tools });
    const ancestry = await Promise.all(plane.pids.map(ancestorsOf));
    expect(ancestry.flat()).not.toContain(process.pid);
    const keepers = ancestry.map(([keeper]) => keeper ?? 0);
    await plane.stop();
    const exists = (pid: number) => existsSync(`/proc/${pid}`);
    await expect.poll(() => [...plane.pids, ...keepers].filter(exists), { timeout: 5_000 }).toEqual([]);
  },
);

/** The parent, its parent, and so on. */
async function ancestorsOf(pid: number): Promise<number[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return parent > 1 ? [parent, ...(await ancestorsOf(parent))] : [];
}

test('two control planes run side by side and know nothing of each other', { timeout: 2 * minutes }, async () => {
  const folders = [join(root, 'left'), join(root, 'right')] as const;
  const [left, right] = await Promise.all([
    startControlPlane({ folder: folders[0], tools }),
    startControlPlane({ folder: folders[1], tools }),
  ]);
  try {
    const askLeft = apiRequests(left.server, await loadCredentials(folders[0]));
    const askRight = apiRequests(right.server, await loadCredentials(folders[1]));
    await askLeft('POST', '/api/v1/namespaces', { metadata: { name: 'only-left' } });
    expect(await askRight('GET', '/api/v1/namespaces/only-left')).toMatchObject({ status: 404 });
    await expect(startControlPlane({ folder: folders[0], tools })).rejects.toMatchObject({
      code: 'EMBEDDED_FOLDER_IN_USE',
    });
  } finally {
    await Promise.all([left.stop(), right.stop()]);
  }
});

test('a start that fails says why with the log of the process, and leaves nothing behind', {
  timeout: minutes,
}, async () => {
  const folder = join(root, 'broken');
  // git does not know the arguments of an API server: a real program that ends at once and says why.
  const broken = { ...tools, 'kube-apiserver': (await ensureTools({ names: ['git'] })).git };
  const failure = startControlPlane({ folder, tools: broken });
  await expect(failure).rejects.toMatchObject({
    code: 'EMBEDDED_START_FAILED',
    message: expect.stringMatching(/kube-apiserver ended with code 129 at start; its log ends with:\nunknown option/),
  });
  await using _repaired = await startControlPlane({ folder, tools });
});

test('the loss of a process is reported, a stop is not', { timeout: 2 * minutes }, async () => {
  const lost: string[] = [];
  const plane = await startControlPlane({
    folder: join(root, 'lost'),
    tools,
    onLost: ({ details }) => lost.push(String(details['process'])),
  });
  const scheduler = plane.pids[3];
  if (scheduler) process.kill(scheduler, 'SIGKILL');
  await expect.poll(() => lost, { timeout: 10_000 }).toEqual(['kube-scheduler']);
  await plane.stop();
  expect(lost).toEqual(['kube-scheduler']);
});

test('an abort breaks off the start', { timeout: minutes }, async () => {
  const controller = new AbortController();
  const start = startControlPlane({
    folder: join(root, 'aborted'),
    tools,
    signal: controller.signal,
    onProgress: ({ step }) => step === 'kube-apiserver' && controller.abort(),
  });
  await expect(start).rejects.toMatchObject({ name: 'AbortError' });
});
