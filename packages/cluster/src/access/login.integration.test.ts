import { silentLogger } from '@plumbline/telemetry';
import { sharedControlPlane, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../client.ts';
import { sharedClient } from '../test-support/clients.ts';
import { startHttpProxy, startSocksProxy } from '../test-support/forward-proxy.ts';
import type { KubeClient } from '../types.ts';
import { kubeconfigEndpoint } from './kubeconfig.ts';

let client: KubeClient;
let namespace: TestNamespace;
let server: string;
let ca: string;
let cert: string;
let key: string;
let token: string;

const encode = (value: Buffer | string | undefined) => Buffer.from(value ?? '').toString('base64');

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'login');
  const { kubeconfig } = await sharedControlPlane();
  const endpoint = await kubeconfigEndpoint({ path: kubeconfig });
  server = endpoint.server;
  [ca, cert, key] = [encode(endpoint.tls.ca), encode(endpoint.tls.cert), encode(endpoint.tls.key)];
  await client.create({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: namespace.name },
  });
  const path = `/api/v1/namespaces/${namespace.name}/serviceaccounts/robot/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  token = ((await client.raw('POST', path, request)) as { status: { token: string } }).status.token;
}, 600_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

/** Who the API server takes us for, with that cluster Secret's `config`. */
async function whoAmI(config: Record<string, unknown>, address = server): Promise<string> {
  const own = await connect({ kind: 'secret', name: 'far', server: address, config }, { logger: silentLogger });
  try {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const answer = await own.raw('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', review);
    return (answer as { status: { userInfo: { username: string } } }).status.userInfo.username;
  } finally {
    await own.close();
  }
}

const robot = () => `system:serviceaccount:${namespace.name}:robot`;

describe('a cluster Secret logs in', () => {
  it('with a token', async () => {
    expect(await whoAmI({ bearerToken: token, tlsClientConfig: { caData: ca } })).toBe(robot());
  });

  it('with a client certificate', async () => {
    const name = await whoAmI({ tlsClientConfig: { caData: ca, certData: cert, keyData: key } });
    expect(name).not.toMatch(/anonymous|robot/);
  });

  it('with a program', async () => {
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } };
    const execProviderConfig = {
      apiVersion: credential.apiVersion,
      command: 'sh',
      args: ['-c', 'printf %s "$CREDENTIAL"'],
      env: { CREDENTIAL: JSON.stringify(credential) },
    };
    expect(await whoAmI({ execProviderConfig, tlsClientConfig: { caData: ca } })).toBe(robot());
  });

  it('without looking at the certificate, where that is asked for', async () => {
    expect(await whoAmI({ bearerToken: token, tlsClientConfig: { insecure: true } })).toBe(robot());
  });

  it('under the name that the certificate has', async () => {
    const tls = { caData: ca, serverName: 'kubernetes.default.svc' };
    expect(await whoAmI({ bearerToken: token, tlsClientConfig: tls })).toBe(robot());
    const other = { caData: ca, serverName: 'elsewhere.example' };
    await expect(whoAmI({ bearerToken: token, tlsClientConfig: other })).rejects.toThrow(/elsewhere\.example/);
  });

  it.each([
    ['HTTP', startHttpProxy],
    ['SOCKS5', startSocksProxy],
  ])('through a proxy for %s, watches included', async (_name, start) => {
    await using proxy = await start();
    const config = { bearerToken: token, tlsClientConfig: { caData: ca }, proxyUrl: proxy.url };
    expect(await whoAmI(config)).toBe(robot());
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(server).host]));
    const tls = { caData: ca, certData: cert, keyData: key };
    const access = {
      kind: 'secret',
      name: 'far',
      server,
      config: { tlsClientConfig: tls, proxyUrl: proxy.url },
    } as const;
    const own = await connect(access, { logger: silentLogger });
    const stop = new AbortController();
    const seen = Promise.withResolvers<string | undefined>();
    const kind = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: namespace.name };
    const onEvent = ({ object }: { object: { metadata: { name?: string } } }) => seen.resolve(object.metadata.name);
    void own.watch(kind, { signal: stop.signal, onEvent, onError: seen.reject });
    expect(await seen.promise).toMatch(/robot|default/);
    stop.abort();
    await own.close();
  });

  it.each([
    ['a token that is none', { bearerToken: 'nonsense', tlsClientConfig: { insecure: true } }, /Unauthorized/],
    [
      'a password, which this server does not know',
      { username: 'u', password: 'p', tlsClientConfig: { insecure: true } },
      /./,
    ],
    ['no trust in the certificate', { bearerToken: 'x' }, /certificate/],
  ])('not with %s', async (_name, config, words) => {
    await expect(whoAmI(config)).rejects.toThrow(words);
  });
});
