import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runCli } from './run.ts';
import { testApi } from './test-support/api.ts';
import { fakeTerminal } from './test-support/fake-terminal.ts';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const run = promisify(execFile);
const routes = {
  'GET /api/v1/applications': {
    json: { metadata: {}, items: [{ metadata: { name: 'web' } }, { metadata: { name: 'api' } }] },
  },
  'GET /api/v1/projects': { json: { metadata: {}, items: [{ metadata: { name: 'shop' } }] } },
};

useOwnConfiguration();

describe('plumb completion', () => {
  it.each([
    [['ap'], ['app']],
    [['app', 'sy'], ['sync']],
    [['app', 'list', '--selec'], ['--selector']],
    [['app', 'list', '-o', 'y'], ['yaml']],
    [
      ['app', 'get', ''],
      ['web', 'api'],
    ],
    [['app', 'sync', 'web', 'a'], ['api']],
    [['app', 'get', 'web', ''], []],
    [['app', 'list', '--project', 's'], ['shop']],
    [['--server', 'x', 'proj', 'role', 'get', 's'], ['shop']],
    [['app', 'create', ''], []],
    [['app', 'diff', 'web', '--plain'], ['--plaintext']],
  ])('completes %j', async (words, expected) => {
    const { out } = await plumb(routes, ['__complete', '--', ...words]);
    expect(out.split('\n').filter((line) => line !== '')).toEqual(expected);
  });

  it('says nothing of names when there is no server', async () => {
    const { code, out, err } = await plumb({}, ['__complete', '--', 'app', 'get', '']);
    expect([code, out, err]).toEqual([0, '', '']);
  });

  it('gives bash a script that asks plumb', async () => {
    const { out } = await plumb({}, ['completion', 'bash']);
    const folder = await mkdtemp(join(tmpdir(), 'plumb-shell-'));
    await writeFile(join(folder, 'plumb'), '#!/bin/sh\nshift 2\necho "$#:$*"\n', { mode: 0o755 });
    const script = `${out}\nCOMP_WORDS=(plumb app get ''); COMP_CWORD=3; _plumb; printf '%s' "\${COMPREPLY[0]}"`;
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };
    expect((await run('bash', ['-c', script], { env })).stdout).toBe('3:app get ');
    await rm(folder, { recursive: true });
  });

  it('names the shells that it knows', async () => {
    const { code, err } = await plumb({}, ['completion', 'tcsh']);
    expect([code, err]).toEqual([1, expect.stringContaining('next:  there is for bash, zsh, fish')]);
  });
});

describe('plumb account', () => {
  it('shows an account with its keys', async () => {
    const account = { name: 'ci', enabled: true, capabilities: ['apiKey'], tokens: [{ id: 'k', issuedAt: 60 }] };
    const { out } = await plumb({ 'GET /api/v1/account/ci': { json: account } }, ['account', 'get', '-a', 'ci']);
    expect(out).toContain('k        1970-01-01T00:01:00Z  never');
  });

  it('hashes a password', async () => {
    expect((await plumb({}, ['account', 'bcrypt', '--password', 'x'])).out).toMatch(/^\$2[aby]\$10\$.{53}\n$/);
  });
});

describe('plumb relogin', () => {
  it('logs in again as the same user', async () => {
    const token = `h.${Buffer.from('{"sub":"ada:login"}').toString('base64url')}.s`;
    await using api = await testApi({ 'POST /api/v1/session': { json: { token } } });
    const { terminal, written } = fakeTerminal({ answers: ['again'] });
    expect(await runCli(['login', api.url, '--username', 'ada', '--password', 'p', '--name', 'here'], terminal)).toBe(
      0,
    );
    expect(await runCli(['relogin'], terminal)).toBe(0);
    expect(api.requests[1]).toBe('POST /api/v1/session {"username":"ada","password":"again"}');
    expect(written.out).toContain("Context 'here' updated");
  });
});

describe('--header', () => {
  it('goes with every request, and --grpc-web of older scripts changes nothing', async () => {
    const args = ['--grpc-web', '-H', 'X-Team: a', 'app', 'list', '-o', 'name'];
    expect(await plumb(routes, args)).toMatchObject({ code: 0, err: '' });
    expect((await plumb(routes, ['-H', 'nonsense', 'app', 'list'])).err).toContain('write it as "Name: value"');
  });
});

describe('options that are on or off', () => {
  const deleting = { 'DELETE /api/v1/applications/web': { json: {} } };

  it.each([
    [['--cascade', 'web'], 'cascade=true'],
    [['web', '--cascade'], 'cascade=true'],
    [['--cascade=false', 'web'], 'cascade=false'],
    [['--cascade', 'false', 'web'], 'cascade=false'],
  ])('take no name as their value: %j', async (args, query) => {
    const { requests } = await plumb(deleting, ['app', 'delete', ...args]);
    expect(requests).toEqual([`DELETE /api/v1/applications/web?${query}`]);
  });
});
