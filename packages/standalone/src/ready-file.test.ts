import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ReadyFile, writeReadyFile } from './ready-file.ts';

const ready: ReadyFile = {
  url: 'http://127.0.0.1:8080',
  kubeconfig: 'data/kubeconfig',
  namespace: 'argocd',
  adminPassword: 'secret',
  redisUrl: 'redis://127.0.0.1:6379',
  metricsUrls: {},
  pids: { engine: [1], controlPlane: [] },
};

it('is written in one step, into a folder that need not exist, for its owner only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-'));
  try {
    const path = join(folder, 'new', 'ready.json');
    await writeReadyFile(path, ready);
    await writeReadyFile(path, { ...ready, namespace: 'other' });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...ready, namespace: 'other' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'new'))).toEqual(['ready.json']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
