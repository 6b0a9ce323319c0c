import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { KubeObject } from '@plumbline/manifests';
import { Agent } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configMap } from '../builders.ts';
import { eventually } from '../eventually.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { type PartsServer, startPartsServer } from './parts-server.ts';
import { sharedControlPlane, sharedRedis } from './shared.ts';
import { testNamespace } from './test-namespace.ts';

const minutes = 60_000;

/** A client with as much of `KubeClient` as these tests need. */
async function clientOf(kubeconfig: string) {
  const { server, authority, certificate, key } = await readKubeconfig(kubeconfig);
  const agent = new Agent({ connect: { ca: authority, cert: certificate, key } });
  const send = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => {
    const options = { headers: { 'content-type': 'application/json' }, body: body ? JSON.stringify(body) : undefined };
    const answer = await agent.request({ origin: server, path, method, ...options });
    return { status: answer.statusCode, body: (await answer.body.json()) as KubeObject };
  };
  return {
    send,
    create: (object: KubeObject) => send('POST', '/api/v1/namespaces', object),
    delete: (ref: { name: string }, options: object) => send('DELETE', `/api/v1/namespaces/${ref.name}`, options),
    close: () => agent.close(),
  };
}

let client: Awaited<ReturnType<typeof clientOf>>;

beforeAll(async () => {
  client = await clientOf((await sharedControlPlane()).kubeconfig);
}, 15 * minutes);

afterAll(() => client?.close());

test('the shared control plane serves the custom resources', async () => {
  const { status } = await client.send('GET', '/apis/argoproj.io/v1alpha1/applications');
  expect(status).toBe(200);
});

test('everyone gets the same control plane and the same Redis', async () => {
  const [first, second] = await Promise.all([sharedControlPlane(), sharedControlPlane()]);
  expect(first).toEqual(second);
  expect(await readFile(first.kubeconfig, 'utf8')).toContain(first.server);
  expect(await sharedRedis()).toBe(await sharedRedis());
  expect(await sharedRedis()).toMatch(/^redis:\/\//);
});

test('a test namespace is there while it is in use and then goes away', { timeout: minutes }, async () => {
  let path = '';
  {
    await using namespace = await testNamespace(client);
    path = `/api/v1/namespaces/${namespace.name}`;
    expect(await client.send('POST', `${path}/configmaps`, configMap('one'))).toMatchObject({ status: 201 });
  }
  await eventually(async () => (await client.send('GET', path)).status === 404, { what: 'the end of the namespace' });
});

test('the parts server starts a part once, whoever asks', { timeout: minutes }, async () => {
  const server: PartsServer = await startPartsServer();
  try {
    const answers = await Promise.all([1, 2, 3].map(() => ask(server.socket, '/redis')));
    expect(new Set(answers).size).toBe(1);
    expect(JSON.parse(answers[0] ?? '')).toEqual({ answer: expect.stringMatching(/^redis:/) });
  } finally {
    await server.close();
  }
});

function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, agent: false }, async (response) => resolve((await response.toArray()).join('')))
      .on('error', reject)
      .end();
  });
}
