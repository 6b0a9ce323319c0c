import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configMap, eventually, gitHttpServer, testNamespace } from '@plumbline/testing';
import { expect, inject, test } from 'vitest';
import { clientsOf, given } from '../fixture/context.ts';
import { at, healthy, synced } from '../fixture/expectations.ts';
import { ownEngine } from '../fixture/own-engine.ts';

interface Span {
  name: string;
  traceId: string;
}

/** A receiver of OTLP over HTTP. */
async function receiver() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done));
    },
  };
}

test('one trace goes from the push over the render to the object that it applies', async () => {
  const shared = inject('plumblineEngine');
  const { kube } = await clientsOf(shared);
  await using control = await testNamespace(kube, 'e2e-control');
  await using collector = await receiver();
  await kube.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace: control.name,
      name: 'argocd-cmd-params-cm',
      labels: { 'app.kubernetes.io/part-of': 'argocd' },
    },
    data: { 'otlp.address': collector.address },
  });
  await using own = await ownEngine({ kubeconfig: shared.kubeconfig, namespace: control.name });
  const { ready } = await own.start();
  await using context = await given({ 'map.yaml': configMap('map') }, ready);
  await using server = await gitHttpServer({ folder: context.repository.folder });
  const repoURL = server.repositoryUrl(context.repository);
  const app = await context.application({ automated: true, repoURL });
  await app.becomes(synced, healthy);

  const commit = await context.commit({ 'map.yaml': configMap('map', { key: 'new' }) });
  const traceId = 'abcdef0123456789abcdef0123456789';
  const pushed = await fetch(`${ready.url}/api/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-1234567890abcdef-01` },
    body: JSON.stringify({ repository: repoURL, ref: 'refs/heads/main', defaultBranch: 'main' }),
  });
  expect(pushed.status).toBe(200);
  await app.becomes(synced, at(commit));
  const names = () => new Set(collector.spans.filter((span) => span.traceId === traceId).map(({ name }) => name));
  const wanted = ['webhook', 'work webhook', 'reconcile', 'target', 'work render', 'compare', 'sync', 'report'];
  // Each process sends its spans when it sees fit.
  await eventually(() => [...wanted, 'kubernetes apply'].every((name) => names().has(name)), { what: 'the spans' });
});
