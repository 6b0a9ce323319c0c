import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configMap } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { given } from '../fixture/context.ts';
import { outOfSync, synced } from '../fixture/expectations.ts';
import { type CommandResult, plumb } from '../fixture/plumb.ts';

const { url, adminPassword } = inject('plumblineEngine');
let folder = '';
const run = (...args: string[]): Promise<CommandResult> => plumb(folder, ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-config-'));
  const { code, err } = await run('login', url, '--username', 'admin', '--password', adminPassword);
  if (code !== 0) throw new Error(err);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.concurrent('plumb', () => {
  test('login keeps a token, not the password, and says when it is refused', async () => {
    const config = await readFile(join(folder, 'config'), 'utf8');
    expect(config).toContain(url);
    expect(config).not.toContain(adminPassword);
    const refused = await plumb(`${folder}-none`, 'login', url, '--username', 'admin', '--password', 'guess');
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(/invalid|password/i);
  });

  test('needs a log-in', async () => {
    const stranger = await plumb(`${folder}-none`, 'app', 'list', '--server', url);
    expect(stranger.code).not.toBe(0);
    expect(stranger.err).toContain('plumb login');
  });

  test('app diff, sync, wait, list and get tell how an Application comes to be Synced', async () => {
    await using context = await given({ 'a.yaml': configMap('a', { mode: 'blue' }) });
    const app = await context.application();
    await app.becomes(outOfSync);

    const before = await run('app', 'diff', app.name);
    expect(before).toMatchObject({ code: 1, out: expect.stringContaining('ConfigMap') });
    const early = await run('app', 'wait', app.name, '--timeout', '1');
    expect(early.code).not.toBe(0);
    expect(early.err).toContain('timed out');

    const sync = await run('app', 'sync', app.name);
    expect(sync).toMatchObject({ code: 0, out: expect.stringContaining('Succeeded') });
    expect(await run('app', 'wait', app.name, '--timeout', '60')).toMatchObject({ code: 0 });
    expect(await run('app', 'diff', app.name)).toMatchObject({ code: 0, out: '' });

    const list = await run('app', 'list', '-o', 'json');
    const items: { metadata: { name: string } }[] = JSON.parse(list.out);
    expect(items.map(({ metadata }) => metadata.name)).toContain(app.name);
    expect((await run('app', 'list')).out).toMatch(new RegExp(`${app.name}.*Synced.*Healthy`));
    expect((await run('app', 'get', app.name)).out).toMatch(/ConfigMap.*Synced/);
    expect((await run('app', 'get', app.name, '-o', 'yaml')).out).toContain(`name: ${app.name}`);

    await context.commit({ 'a.yaml': configMap('a', { mode: 'red' }) });
    const diff = await run('app', 'diff', app.name, '--refresh');
    expect(diff.code).toBe(1);
    for (const text of ['/data/mode', 'blue', 'red']) expect(diff.out).toContain(text);
  });

  test('app sync fails with the reason of the operation', async () => {
    const refused = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 70_000 }] } };
    await using context = await given({ 'a.yaml': refused });
    const app = await context.application();
    await app.becomes(outOfSync);
    const sync = await run('app', 'sync', app.name);
    expect(sync.code).not.toBe(0);
    expect(sync.out + sync.err).toContain('between 1 and 65535');
  });

  test('app delete takes the objects along and waits for it', async () => {
    await using context = await given({ 'a.yaml': configMap('a') });
    const app = await context.application({ automated: true });
    await app.becomes(synced);
    expect(await run('app', 'delete', app.name, '--yes', '--wait')).toMatchObject({ code: 0, err: '' });
    await app.disappears();
    expect(await context.live('ConfigMap', 'a')).toBeNull();
    const missing = await run('app', 'get', app.name);
    expect(missing.code).not.toBe(0);
    expect(missing.err).toContain(app.name);
  });
});
