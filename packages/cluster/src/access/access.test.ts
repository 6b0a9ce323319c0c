import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveAccess } from './access.ts';
import { renewedAuthorization } from './endpoint.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');
let folder: string;
let path: string;

const helperOutput = JSON.stringify({
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  status: { token: 'from-helper' },
});

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: by-token
clusters:
- name: a
  cluster: {server: 'https://a.example:6443/', certificate-authority-data: ${encode('ca')}, tls-server-name: other}
- name: b
  cluster: {server: 'https://b.example/prefix', insecure-skip-tls-verify: true, proxy-url: 'http://proxy.example'}
users:
- name: token
  user: {token: abc}
- name: file
  user: {tokenFile: token.txt}
- name: password
  user: {username: u, password: p}
- name: certificate
  user: {client-certificate: cert.pem, client-key-data: ${encode('key')}}
- name: helper
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      interactiveMode: Never
      command: printf
      args: ['%s', '${helperOutput}']
contexts:
- {name: by-token, context: {cluster: a, user: token}}
- {name: by-file, context: {cluster: a, user: file}}
- {name: by-password, context: {cluster: b, user: password}}
- {name: by-certificate, context: {cluster: b, user: certificate}}
- {name: by-helper, context: {cluster: a, user: helper}}
- {name: broken, context: {cluster: none, user: token}}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-access-'));
  path = join(folder, 'config');
  await writeFile(path, kubeconfig);
  await writeFile(join(folder, 'token.txt'), 'from-file\n');
  await writeFile(join(folder, 'cert.pem'), 'cert');
});

afterAll(() => rm(folder, { recursive: true }));

describe('a kubeconfig', () => {
  it.each([
    ['by-token', 'Bearer abc'],
    ['by-file', 'Bearer from-file'],
    ['by-password', `Basic ${encode('u:p')}`],
    ['by-helper', 'Bearer from-helper'],
    ['by-certificate', undefined],
  ])('logs in %s', async (context, header) => {
    const endpoint = await resolveAccess({ kind: 'kubeconfig', path, context });
    expect(await endpoint.authorization(false)).toBe(header);
  });

  it('gives address and TLS settings', async () => {
    expect(await resolveAccess({ kind: 'kubeconfig', path })).toMatchObject({
      server: 'https://a.example:6443',
      tls: { ca: Buffer.from('ca'), servername: 'other' },
    });
    expect(await resolveAccess({ kind: 'kubeconfig', path, context: 'by-certificate' })).toMatchObject({
      server: 'https://b.example/prefix',
      proxyUrl: 'http://proxy.example',
      tls: { cert: Buffer.from('cert'), key: Buffer.from('key'), rejectUnauthorized: false },
    });
  });

  it.each([
    ['a missing context', 'nothing', 'no entry "nothing" under "contexts"'],
    ['a missing cluster', 'broken', 'no entry "none" under "clusters"'],
  ])('names %s', async (_what, context, message) => {
    await expect(resolveAccess({ kind: 'kubeconfig', path, context })).rejects.toThrow(message);
  });

  it('names a missing file', async () => {
    const access = { kind: 'kubeconfig', path: join(folder, 'none') } as const;
    await expect(resolveAccess(access)).rejects.toMatchObject({ code: 'KUBE_CONFIG' });
  });
});

describe('a cluster Secret', () => {
  const secret = (config: Record<string, unknown>) =>
    resolveAccess({ kind: 'secret', name: 'prod', server: 'https://c.example/', config });

  it('gives token, certificates and server name', async () => {
    const tlsClientConfig = { caData: encode('ca'), certData: encode('cert'), keyData: encode('key'), serverName: 'n' };
    const endpoint = await secret({ bearerToken: 'abc', tlsClientConfig });
    expect(endpoint).toMatchObject({
      server: 'https://c.example',
      tls: { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key'), servername: 'n' },
    });
    expect(await endpoint.authorization(false)).toBe('Bearer abc');
  });

  it('can name a program to log in with', async () => {
    const endpoint = await secret({
      execProviderConfig: {
        command: 'sh',
        args: ['-c', 'printf %s "$OUTPUT"'],
        env: { OUTPUT: helperOutput },
        apiVersion: 'client.authentication.k8s.io/v1',
      },
    });
    expect(await endpoint.authorization(false)).toBe('Bearer from-helper');
  });

  it.each([
    [
      'insecure and caData',
      { tlsClientConfig: { insecure: true, caData: encode('ca') } },
      'both "insecure" and "caData"',
    ],
    ['awsAuthConfig without a cluster', { awsAuthConfig: {} }, 'awsAuthConfig has no clusterName'],
  ])('is refused with %s', async (_what, config, message) => {
    await expect(secret(config)).rejects.toThrow(message);
  });

  describe('for EKS', () => {
    const awsAuthConfig = { clusterName: 'prod', roleARN: 'arn:aws:iam::1:role/r', profile: 'p' };
    const former = process.env['PATH'];

    afterEach(async () => {
      process.env['PATH'] = former;
      await rm(join(folder, 'bin'), { recursive: true, force: true });
    });

    /** A program that answers with a token made of its arguments. */
    async function install(command: string): Promise<void> {
      const bin = join(folder, 'bin');
      await mkdir(bin, { recursive: true });
      const credential = '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential"';
      const script = `#!/bin/sh\nprintf '%s,"status":{"token":"%s"}}' '${credential}' "$(echo "$@" | tr ' ' '_')"\n`;
      await writeFile(join(bin, command), script, { mode: 0o755 });
      process.env['PATH'] = `${bin}:${former}`;
    }

    it.each([
      ['argocd-k8s-auth', 'aws_--cluster-name_prod_--role-arn_arn:aws:iam::1:role/r_--profile_p'],
      ['aws', 'eks_get-token_--output_json_--cluster-name_prod_--role-arn_arn:aws:iam::1:role/r_--profile_p'],
    ])('logs in by %s', async (command, expected) => {
      await install(command);
      expect(await (await secret({ awsAuthConfig })).authorization(false)).toBe(`Bearer ${expected}`);
    });

    it('is refused where there is no program for it', async () => {
      process.env['PATH'] = join(folder, 'nothing');
      await expect(secret({ awsAuthConfig })).rejects.toThrow('neither is on PATH');
    });
  });

  it('names the helper that fails', async () => {
    const config = { execProviderConfig: { command: 'sh', args: ['-c', 'echo no luck >&2; exit 1'] } };
    await expect(secret(config)).rejects.toThrow('the login helper of cluster "prod" failed: no luck');
  });
});

describe('a header that is renewed', () => {
  it('is read again after its lifetime and when it was refused', async () => {
    let time = 0;
    let reads = 0;
    const authorization = renewedAuthorization(async () => `Bearer ${++reads}`, { lifetimeMs: 1000, now: () => time });
    expect([await authorization(false), await authorization(false)]).toEqual(['Bearer 1', 'Bearer 1']);
    expect(await authorization(true)).toBe('Bearer 2');
    time = 1001;
    expect(await authorization(false)).toBe('Bearer 3');
  });
});
