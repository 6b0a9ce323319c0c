import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plumbline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

const plumb = join(import.meta.dirname, '../../cli/src/main.ts');
const plugin = `apiVersion: argoproj.io/v1alpha1
kind: ConfigManagementPlugin
metadata: {name: hello}
spec:
  version: v1.2
  generate: {command: [echo, "{}"]}
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-plugin-server-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(config: string) {
  const args = [plumb, 'plugin-server', '--config', config, '--socket-dir', join(folder, 'sockets')];
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], TMPDIR: folder } });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, errors })),
  );
  return { child, ended };
}

const sockets = () => readdir(join(folder, 'sockets')).catch((): string[] => []);

it('makes a socket named as the plugin, and removes it at its end', async () => {
  const config = join(folder, 'plugin.yaml');
  await writeFile(config, plugin);
  const { child, ended } = start(config);
  await eventually(async () => (await sockets()).includes('hello-v1.2.sock'), { what: 'the socket' });
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
  expect(await sockets()).toEqual([]);
});

it('says what is wrong with the file', async () => {
  const config = join(folder, 'none.yaml');
  const { code, errors } = await start(config).ended;
  expect(code).not.toBe(0);
  expect(errors).toContain(`${config}: cannot be read`);
});
