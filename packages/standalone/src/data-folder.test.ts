import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTimeOf } from '@plumbline/embedded-cluster';
import { never } from '@plumbline/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDataFolder } from './data-folder.ts';

const endless = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-data-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const identity = (pid: number) => ({ pid, startTime: startTimeOf(pid) ?? 'gone' });
const writeLock = (holder: object) => writeFile(join(folder, 'plumb.lock'), JSON.stringify(holder));

test('one takes the folder at a time, of many that try at once; it is free again after the release', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => takeDataFolder(folder, 0, endless)));
  const [taken, ...others] = attempts.filter(({ status }) => status === 'fulfilled');
  expect(others).toEqual([]);
  if (taken?.status === 'fulfilled') await taken.value.release();
  expect(existsSync(join(folder, 'plumb.lock'))).toBe(false);
});

test('a running holder is named', async () => {
  await writeLock({ ...identity(process.ppid), started: [] });
  await expect(takeDataFolder(folder, 0, endless)).rejects.toMatchObject({
    code: 'STANDALONE_DATA_FOLDER_IN_USE',
    message: `another plumb already runs on the data folder ${folder} (process ${process.ppid})`,
  });
});

test('the lock of a holder that is gone, or whose pid was given away, is taken over', async () => {
  await writeLock({ pid: process.ppid, startTime: '1', started: [] });
  await takeDataFolder(folder, 0, endless);
});

test('what a killed holder has left is waited for', async () => {
  const left = spawn('sleep', ['600'], { stdio: 'ignore' });
  await writeLock({ pid: process.ppid, startTime: '1', started: [identity(left.pid ?? 0)] });
  let taken = false;
  const taking = takeDataFolder(folder, 0, endless).then(() => {
    taken = true;
  });
  await never(() => taken, { what: 'the folder is taken', forMs: 200 });
  left.kill();
  await taking;
});

test('an unreadable lock does not keep anybody out', async () => {
  await writeFile(join(folder, 'plumb.lock'), '');
  await takeDataFolder(folder, 0, endless);
});

test('a disk with too little room is refused before anything starts', async () => {
  await expect(takeDataFolder(folder, 2 ** 60, endless)).rejects.toMatchObject({
    code: 'STANDALONE_DATA_FOLDER',
    message: expect.stringMatching(/has only \d+ MiB free$/),
  });
});
