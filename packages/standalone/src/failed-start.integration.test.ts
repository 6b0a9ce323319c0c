import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGuardian, type Guardian } from '@plumbline/embedded-cluster';
import { eventually, sharedControlPlane } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plumbUp, processesOf } from './test-support/plumb-up.ts';

let root: string;
let guardian: Guardian;
let kubeconfig: string;
/** Accepts connections and says nothing. */
let mute: Server;
let takenPort: number;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-failed-'));
  guardian = createGuardian();
  ({ kubeconfig } = await sharedControlPlane());
  mute = createServer();
  await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
  const address = mute.address();
  takenPort = typeof address === 'object' && address ? address.port : 0;
  const text = [
    'apiVersion: v1',
    'kind: Config',
    'current-context: a',
    'clusters: [{name: a, cluster: {server: URL}}]',
  ];
  text.push('users: [{name: a, user: {}}]', 'contexts: [{name: a, context: {cluster: a, user: a}}]');
  const config = text.join('\n');
  await writeFile(join(root, 'refusing'), config.replace('URL', 'https://127.0.0.1:1'));
  await writeFile(join(root, 'mute'), config.replace('URL', `https://127.0.0.1:${takenPort}`));
  await writeFile(join(root, 'a-file'), '');
}, 600_000);

afterAll(async () => {
  mute.close();
  guardian.close();
  await rm(root, { recursive: true, force: true });
});

interface Failure {
  name: string;
  args(): string[];
  env?(): Record<string, string>;
  says: RegExp;
}

const failures: Failure[] = [
  {
    name: 'its port is taken',
    args: () => ['--port', `${takenPort}`],
    says: /cannot listen on 127.0.0.1:\d+: .*--port/,
  },
  {
    name: 'there is no such kubeconfig',
    args: () => ['--kubeconfig', join(root, 'none')],
    says: /none cannot be read/,
  },
  {
    name: 'nobody listens at the address of the cluster',
    args: () => ['--kubeconfig', join(root, 'refusing')],
    says: /refusing cannot be used: .*ECONNREFUSED/,
  },
  {
    name: 'the cluster gives no answer',
    args: () => ['--kubeconfig', join(root, 'mute')],
    says: /mute cannot be used: it does not answer within 8 s/,
  },
  {
    name: 'nobody listens at the address of Redis',
    args: () => ['--kubeconfig', kubeconfig, '--redis', 'redis://:secret@127.0.0.1:1'],
    says: /Redis at 127.0.0.1:1 cannot be used: .*ECONNREFUSED/,
  },
  {
    name: 'the data folder is below a file',
    args: () => ['--data-dir', join(root, 'a-file', 'data')],
    says: /a-file\/data cannot be used: a part of the path is a file/,
  },
  {
    name: 'the repo-server ends at its start',
    args: () => ['--kubeconfig', kubeconfig, '--namespace', 'up'],
    env: () => ({ PLUMB_METRICS_PORT: `${takenPort}` }),
    says: /repo-server does not start: it ended with code 1; its output ends with:\n.*EADDRINUSE.*\n?.*repo-server\.log/,
  },
];

it.each(failures)('plumb up says so and leaves nothing where $name', async ({ name, args, env, says }) => {
  const dataDir = join(root, name.replaceAll(' ', '-'));
  const began = performance.now();
  const plumb = await plumbUp({ dataDir, guardian, args: args(), ...(env ? { env: env() } : {}) });
  expect(await plumb.exited).toBe(20);
  expect(plumb.output()).toMatch(says);
  expect(plumb.output()).not.toContain('secret');
  expect(plumb.output()).not.toMatch(/^\s+at /m);
  expect(performance.now() - began).toBeLessThan(20_000);
  await eventually(async () => (await processesOf(dataDir)).length === 0, { what: 'all processes to end' });
});
