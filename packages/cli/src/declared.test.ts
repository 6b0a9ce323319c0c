import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContext } from './cluster/kubeconfig.ts';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const home = useOwnConfiguration();

const connectionState = { status: 'Successful', message: '' };
const repository = { repo: 'https://git/r', type: 'git', username: 'bot', connectionState };

describe('plumb repo', () => {
  it('adds a repository with credentials of files', async () => {
    const key = join(home(), 'key');
    await writeFile(key, 'PRIVATE');
    const flags = ['--name', 'r', '--project', 'team', '--enable-lfs', '--upsert', '--proxy', 'http://p'];
    const args = ['repo', 'add', 'ssh://git/r', '--ssh-private-key-path', key, '--no-proxy', 'a,b', ...flags];
    const { code, out, requests } = await plumb({ 'POST /api/v1/repositories': { json: repository } }, args);
    expect(code).toBe(0);
    expect(out).toBe("Repository 'https://git/r' added\n");
    const [, path = '', body = ''] = /^POST (\S+) (.*)$/.exec(requests[0] ?? '') ?? [];
    expect(path).toContain('upsert=true');
    expect(JSON.parse(body)).toEqual({
      repo: 'ssh://git/r',
      type: 'git',
      sshPrivateKey: 'PRIVATE',
      name: 'r',
      project: 'team',
      enableLfs: true,
      proxy: 'http://p',
      noProxy: 'a,b',
    });
  });

  it('lists them in every format', async () => {
    const routes = { 'GET /api/v1/repositories': { json: { items: [repository] } } };
    expect((await plumb(routes, ['repo', 'list'])).out).toMatch(
      /^TYPE .*\ngit .*https:\/\/git\/r .*user bot +Successful/,
    );
    expect((await plumb(routes, ['repo', 'list', '-o', 'name'])).out).toBe('https://git/r\n');
    expect(JSON.parse((await plumb(routes, ['repo', 'list', '-o', 'json'])).out)).toEqual([repository]);
  });

  it('removes by the whole URL', async () => {
    const path = `DELETE /api/v1/repositories/${encodeURIComponent('https://git/r')}`;
    const { code, requests } = await plumb({ [path]: { json: {} } }, ['repo', 'rm', 'https://git/r']);
    expect([code, requests]).toEqual([0, [path]]);
  });

  it('says which file cannot be read, and asks the server nothing', async () => {
    const { code, err, requests } = await plumb({}, ['repo', 'add', 'x', '--ssh-private-key-path', '/no/such']);
    expect([code, requests]).toEqual([1, []]);
    expect(err).toContain('/no/such');
  });
});

describe('plumb cluster', () => {
  const cluster = { server: 'https://far', name: 'far', serverVersion: '1.36', connectionState };
  const kubeconfig = `
current-context: other
contexts: [{name: far, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://far", certificate-authority: ca.pem}}]
users: [{name: u, user: {token: secret}}]
`;

  it('adds the cluster of a context', async () => {
    await writeFile(join(home(), 'ca.pem'), 'CA');
    await writeFile(join(home(), 'kubeconfig'), kubeconfig);
    const args = [
      'cluster',
      'add',
      'far',
      '--kubeconfig',
      join(home(), 'kubeconfig'),
      '--label',
      'tier=prod',
      '--context-credentials',
    ];
    const { code, requests } = await plumb({ 'POST /api/v1/clusters': { json: cluster } }, args);
    expect(code).toBe(0);
    expect(JSON.parse(requests[0]?.replace(/^\S+ \S+ /, '') ?? '')).toEqual({
      server: 'https://far',
      name: 'far',
      config: {
        bearerToken: 'secret',
        tlsClientConfig: { insecure: false, caData: Buffer.from('CA').toString('base64') },
      },
      labels: { tier: 'prod' },
    });
  });

  it('names the contexts that there are where one is missing', async () => {
    await expect(readContext(kubeconfig, 'near', home())).rejects.toMatchObject({ next: 'it has: far' });
  });

  it('lists, and finds by name or by address', async () => {
    const routes = {
      'GET /api/v1/clusters': { json: { items: [cluster] } },
      'GET /api/v1/clusters/far': { json: cluster },
    };
    expect((await plumb(routes, ['cluster', 'list'])).out).toMatch(/https:\/\/far +far +1\.36 +Successful/);
    expect((await plumb(routes, ['cluster', 'get', 'far'])).requests).toEqual([
      'GET /api/v1/clusters/far?id.type=name',
    ]);
  });

  it('asks before it forgets one', async () => {
    const routes = { 'DELETE /api/v1/clusters/far': { json: {} } };
    expect((await plumb(routes, ['cluster', 'rm', 'far'], { answers: ['n'], interactive: true })).requests).toEqual([]);
    expect((await plumb(routes, ['cluster', 'rm', 'far', '-y'])).out).toBe("Cluster 'far' removed\n");
  });
});

describe('plumb cert', () => {
  it('adds each key of a known_hosts file', async () => {
    await writeFile(join(home(), 'hosts'), '# scanned\nh1,h2 ssh-ed25519 AAAA\n\nh3 ssh-rsa BBBB note\n');
    const routes = { 'POST /api/v1/certificates': { json: { items: [{}, {}, {}] } } };
    const { out, requests } = await plumb(routes, ['cert', 'add-ssh', '--batch', '--from', join(home(), 'hosts')]);
    expect(out).toBe('3 entries added\n');
    expect(requests[0]?.match(/"serverName":"h\d"/g)).toHaveLength(3);
  });

  it('says that nothing is known of a host', async () => {
    const routes = { 'DELETE /api/v1/certificates': { json: { items: [] } } };
    const { code, err } = await plumb(routes, ['cert', 'rm', 'h']);
    expect([code, err]).toEqual([20, expect.stringContaining('nothing is known of h')]);
  });
});
