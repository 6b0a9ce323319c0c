import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderTools } from '../test-support/rig.ts';
import { runTool, type ToolRun } from './run-tool.ts';

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'plumbline-run-tool-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const node = (script: string, more: Partial<ToolRun> = {}) =>
  runTool({
    tool: 'helm',
    program: process.execPath,
    args: ['-e', script],
    cwd: tmpdir(),
    env: { ONLY: 'this' },
    what: 'helm template x',
    ...more,
  });

it('gives what the tool prints, and the environment it was told only', async () => {
  const output = await node('console.log(JSON.stringify(Object.keys(process.env)))');
  expect(JSON.parse(output)).toEqual(['ONLY']);
});

it('fails with the words of the tool, without noise, paths made readable and secrets removed', async () => {
  const script = `console.error('WARNING: old\\nError: in /tmp/abc/file.yaml: password=hunter2 bad'); process.exit(1)`;
  const failure = node(script, { readable: (text) => text.replaceAll('/tmp/abc/', '') });
  await expect(failure).rejects.toThrow(/^helm template x: in file\.yaml: password=\*\*\* bad$/);
});

it('says how a silent tool ended', async () => {
  await expect(node('process.exit(3)')).rejects.toThrow('helm template x: ended with code 3 and said nothing');
});

it('ends a tool that takes too long', async () => {
  await expect(node('setInterval(() => {}, 1000)', { timeoutMs: 200 })).rejects.toThrow(/did not finish within 0\.2 s/);
});

it('ends a tool that prints too much', async () => {
  await expect(node('for (;;) console.log("x".repeat(9999))', { maxOutputBytes: 100_000 })).rejects.toThrow(
    /more than 100000 bytes/,
  );
});

it('ends a tool whose work is cancelled, with the reason', async () => {
  const abort = new AbortController();
  const run = node('setInterval(() => {}, 1000)', { signal: abort.signal });
  abort.abort(new Error('shutting down'));
  await expect(run).rejects.toThrow('shutting down');
});

it('names a program that is missing', async () => {
  await expect(node('', { program: '/nowhere/helm' })).rejects.toThrow(/program helm is missing/);
});

it('ends what the tool has started with it', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    setInterval(() => {}, 1000)`;
  // The output stays open while any of them lives.
  await expect(node(script, { timeoutMs: 1_000 })).rejects.toThrow(/did not finish within 1 s/);
});

it.runIf(process.platform === 'linux')('ends a tool that needs too much memory, and says so', async () => {
  const { helm } = await renderTools();
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'templates'));
  await writeFile(join(folder.path, 'Chart.yaml'), 'apiVersion: v2\nname: big\nversion: 1.0.0\n');
  await writeFile(join(folder.path, 'templates/a.yaml'), 'a: {{ repeat 900000000 "x" | quote }}\n');
  const run = { program: helm, args: ['template', '.'], cwd: folder.path, env: { HOME: folder.path } };
  const failed = node('', { ...run, maxMemoryBytes: 512 * 1024 * 1024 });
  await expect(failed).rejects.toThrow('helm template x: needs more memory than 512 MiB');
});
