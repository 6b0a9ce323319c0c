import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '@plumbline/testing';
import { expect, it } from 'vitest';

const bin = resolve(import.meta.dirname, '../../bin/plumb.js');
const config = `apiVersion: argoproj.io/v1alpha1
kind: ConfigManagementPlugin
metadata: {name: small}
spec: {generate: {command: [echo, '{}']}}
`;

/** Starts a plugin server, and gives its resident memory in MiB when it is ready. */
async function residentMiB(folder: string): Promise<number> {
  const args = [bin, 'plugin-server', '--config', join(folder, 'plugin.yaml'), '--socket-dir', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    await eventually(() => log.includes('plugin server is ready'), { timeoutMs: 30_000, what: 'the plugin server' });
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

it.runIf(process.platform === 'linux')('is small: a sidecar for each plugin has to be', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-small-'));
  try {
    await writeFile(join(folder, 'plugin.yaml'), config);
    // The first one may have to compile what it loads.
    await residentMiB(folder);
    expect(await residentMiB(folder)).toBeLessThanOrEqual(80);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
