import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type KubeClient } from '@plumbline/cluster';
import { ensureDefaults } from '@plumbline/settings';
import { silentLogger } from '@plumbline/telemetry';
import { sharedControlPlane, type TestNamespace, testNamespace } from '@plumbline/testing';
import { load, loadAll } from 'js-yaml';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { managerObjects } from '../cluster/manager-account.ts';
import { runCli } from '../run.ts';
import { fakeTerminal } from '../test-support/fake-terminal.ts';
import { useOwnConfiguration } from '../test-support/run-plumb.ts';

let kubeconfig: string;
let client: KubeClient;
let space: TestNamespace;
const home = useOwnConfiguration();

beforeAll(async () => {
  ({ kubeconfig } = await sharedControlPlane());
  client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
}, 300_000);
afterAll(() => client?.close());

beforeEach(async () => {
  space = await testNamespace(client, 'core');
  await ensureDefaults({ client, namespace: space.name, adminPassword: 'first-password' });
  process.env['KUBECONFIG'] = kubeconfig;
  process.env['PLUMB_NAMESPACE'] = space.name;
});
afterEach(async () => {
  for (const name of ['KUBECONFIG', 'PLUMB_NAMESPACE']) delete process.env[name];
  await space[Symbol.asyncDispose]();
});

async function plumb(...args: string[]) {
  const { terminal, written } = fakeTerminal();
  const code = await runCli(args, terminal);
  process.exitCode = undefined;
  return { code, ...written };
}

const withCore = (...args: string[]) => plumb('--core', ...args);

describe('plumb --core', () => {
  it('works on the cluster of the kubeconfig, without a server and a log-in', async () => {
    expect(await withCore('proj', 'create', 'shop', '-s', '*')).toMatchObject({ code: 0, err: '' });
    expect((await withCore('proj', 'list', '-o', 'name')).out).toBe('default\nshop\n');
    const flags = '--repo https://git/x --path p --dest-name in-cluster --dest-namespace n --validate=false'.split(' ');
    expect((await withCore('app', 'create', 'web', ...flags)).out).toBe("application 'web' created\n");
    expect((await withCore('app', 'set', 'web', '--revision', 'v2', '--validate=false')).code).toBe(0);
    expect(JSON.parse((await withCore('app', 'get', 'web', '-o', 'json')).out)).toHaveProperty(
      'spec.source.targetRevision',
      'v2',
    );
    expect((await withCore('account', 'can-i', 'sync', 'applications', '*')).out).toBe('yes\n');
  });

  it('is its own server, and says so', async () => {
    const { client, server } = JSON.parse((await withCore('version', '-o', 'json')).out);
    expect(client).toMatchObject(server);
  });

  it('says what it lacks where the controller is needed', async () => {
    const { code, err } = await withCore('app', 'manifests', 'web');
    expect([code, err]).toEqual([20, expect.stringContaining('web')]);
  });
});

describe('plumb admin', () => {
  it('prints the first password', async () => {
    expect((await plumb('admin', 'initial-password')).out).toBe('first-password\n');
    expect((await plumb('admin', 'initial-password', '-n', 'nowhere')).err).toContain('there is no Secret nowhere/');
  });

  it('exports what was declared, and makes it so again', async () => {
    await withCore('proj', 'create', 'shop', '-s', 'a', '--description', 'before');
    const backup = join(home(), 'backup.yaml');
    await plumb('admin', 'export', '-o', backup);
    const { out } = await plumb('admin', 'export');
    const objects = loadAll(out) as { kind: string; metadata: Record<string, unknown> }[];
    expect(objects.map(({ kind }) => kind)).toContain('AppProject');
    expect(objects.every(({ metadata }) => !('uid' in metadata) && !('namespace' in metadata))).toBe(true);
    await withCore('proj', 'set', 'shop', '--description', 'after');
    await withCore('proj', 'create', 'more');
    const dry = await plumb('admin', 'import', backup, '--prune', '--dry-run');
    expect(dry.out).toContain(`AppProject ${space.name}/shop updated (dry run)`);
    expect(dry.out).toContain(`AppProject ${space.name}/more pruned (dry run)`);
    expect((await plumb('admin', 'import', backup, '--prune')).code).toBe(0);
    expect((await withCore('proj', 'get', 'shop', '-o', 'json')).out).toContain('before');
    expect((await withCore('proj', 'list', '-o', 'name')).out).toBe('default\nshop\n');
    expect((await plumb('admin', 'import', backup, '--verbose')).out).not.toMatch(/created|updated/);
  });

  it('deletes nothing because a backup is empty', async () => {
    const empty = join(home(), 'empty.yaml');
    await writeFile(empty, '---\n');
    expect((await plumb('admin', 'import', empty, '--prune')).err).toContain('holds nothing');
    expect((await withCore('proj', 'list', '-o', 'name')).out).toBe('default\n');
  });

  it('sets policies of roles in many projects', async () => {
    await withCore('proj', 'create', 'shop');
    await withCore('proj', 'role', 'create', 'shop', 'deployer');
    const update = ['admin', 'proj', 'update-role-policy', 'sh*', 'set', 'action/*', '--role', 'dep*'];
    expect((await plumb(...update)).out).toContain('dry run');
    expect((await withCore('proj', 'role', 'get', 'shop', 'deployer')).out).not.toContain('action/*');
    await plumb(...update, '--dry-run=false');
    expect((await withCore('proj', 'role', 'get', 'shop', 'deployer')).out).toContain('action/*, shop/*, allow');
  });
});

describe('plumb cluster add', () => {
  it('makes a service account with rights in the namespaces that are named, and declares its token', async () => {
    const file = load(await (await import('node:fs/promises')).readFile(kubeconfig, 'utf8')) as {
      'current-context': string;
    };
    const context = file['current-context'];
    const place = ['--system-namespace', space.name, '--namespace', space.name, '--name', 'far'];
    const added = await withCore('cluster', 'add', context, ...place, '-y', '--label', 'tier=prod');
    expect([added.code, added.out]).toEqual([0, expect.stringContaining('added')]);
    const found = await client.list(
      { apiVersion: 'v1', kind: 'Secret', namespace: space.name },
      { labelSelector: 'argocd.argoproj.io/secret-type=cluster,tier=prod' },
    );
    const data = (found.items[0]?.['data'] ?? {}) as Record<string, string>;
    const config = JSON.parse(Buffer.from(data['config'] ?? '', 'base64').toString('utf8')) as {
      bearerToken: string;
      tlsClientConfig: object;
    };
    expect(config.bearerToken.split('.')).toHaveLength(3);
    expect(config.tlsClientConfig).not.toHaveProperty('keyData');
    const spec = await plumb('admin', 'cluster', 'kubeconfig', 'far');
    expect(load(spec.out)).toHaveProperty('users.0.user.token', config.bearerToken);
  });

  it('gives rights on the whole cluster where no namespace is named', () => {
    const kinds = (namespaces: string[]) =>
      managerObjects({ systemNamespace: 'kube-system', namespaces }).map(({ kind }) => kind);
    expect(kinds([])).toEqual(['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding']);
    expect(kinds(['a', 'b'])).toEqual(['ServiceAccount', 'Role', 'RoleBinding', 'Role', 'RoleBinding']);
  });
});
