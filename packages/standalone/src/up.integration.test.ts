import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGuardian, type Guardian } from '@plumbline/embedded-cluster';
import { eventually, sharedControlPlane, sharedRedis } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyFile } from './ready-file.ts';
import { type PlumbUp, plumbUp, processesOf } from './test-support/plumb-up.ts';

let root: string;
let guardian: Guardian;
let kubeconfig: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-up-'));
  guardian = createGuardian();
  ({ kubeconfig } = await sharedControlPlane());
}, 600_000);

afterAll(async () => {
  guardian.close();
  await rm(root, { recursive: true, force: true });
});

const nothingOf = (folder: string) =>
  eventually(async () => (await processesOf(folder)).length === 0, { what: 'all processes to end' });

const repoServerOf = ({ pids }: ReadyFile) => pids.engine[1] ?? 0;

describe('plumb up on a given cluster', () => {
  const dataDir = () => join(root, 'given');
  const start = () =>
    plumbUp({ dataDir: dataDir(), guardian, args: ['--kubeconfig', kubeconfig, '--namespace', 'up'] });
  let first: PlumbUp;
  let ready: ReadyFile;

  beforeAll(async () => {
    first = await start();
    ready = await first.ready();
  });

  it('refuses a second start on its data folder, naming folder and process', async () => {
    const second = await start();
    expect(await second.exited).not.toBe(0);
    expect(second.output()).toContain(`already runs on the data folder ${dataDir()} (process ${first.pid})`);
    expect(await first.readyFile()).toEqual(ready);
  });

  it('starts a killed repo-server again, each time, and the ready file tells of it', async () => {
    for (let round = 0; round < 2; round++) {
      const before = await first.readyFile();
      process.kill(repoServerOf(before), 'SIGKILL');
      const after = await eventually(
        async () => {
          const now = await first.readyFile();
          expect(repoServerOf(now)).not.toBe(repoServerOf(before));
          return now;
        },
        { what: 'another repo-server in the ready file' },
      );
      expect(await (await fetch(after.metricsUrls['repo-server'] ?? '')).text()).toContain('argocd_');
      expect(after.url).toBe(ready.url);
    }
  });

  it('leaves nothing when it is killed, goes on after that, and SIGTERM ends all with code 0', async () => {
    first.kill('SIGKILL');
    const next = await start();
    expect((await next.ready()).adminPassword).toBe(ready.adminPassword);
    next.kill('SIGTERM');
    expect(await next.exited).toBe(0);
    await nothingOf(dataDir());
  });
});

it('runs on a given Redis, which it leaves running', async () => {
  const dataDir = join(root, 'given-redis');
  const url = await sharedRedis();
  const plumb = await plumbUp({
    dataDir,
    guardian,
    args: ['--kubeconfig', kubeconfig, '--namespace', 'up', '--redis', url],
  });
  const ready = await plumb.ready();
  expect(ready.redisUrl).toBe(url);
  expect(ready.pids).toEqual({ engine: [plumb.pid, expect.any(Number)], controlPlane: [] });
  plumb.kill('SIGINT');
  expect(await plumb.exited).toBe(0);
  await nothingOf(dataDir);
});

it('ends quickly when it is told to while the control plane starts', async () => {
  const dataDir = join(root, 'broken-off');
  const plumb = await plumbUp({ dataDir, guardian });
  await eventually(async () => (await processesOf(join(dataDir, 'control-plane'))).length > 0, {
    what: 'the first process of the control plane',
    intervalMs: 20,
  });
  const began = performance.now();
  plumb.kill('SIGTERM');
  expect(await plumb.exited).toBe(143);
  expect(performance.now() - began).toBeLessThan(10_000);
  await nothingOf(dataDir);
});
