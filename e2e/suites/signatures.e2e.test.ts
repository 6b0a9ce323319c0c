import { applicationApiVersion } from '@plumbline/apis';
import { configMap, signHead, signingKey, signTag } from '@plumbline/testing';
import { expect, test } from 'vitest';
import { type Context, given } from '../fixture/context.ts';
import { at, condition, operation, synced, unknownSync, untroubled } from '../fixture/expectations.ts';

/** A project of its own whose sources must be signed as the rules say. */
async function project({ kube, engine, namespace }: Context, rules: object): Promise<string> {
  await kube.create({
    apiVersion: applicationApiVersion,
    kind: 'AppProject',
    metadata: { name: namespace, namespace: engine.namespace },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], ...rules },
  });
  return namespace;
}

async function trust({ kube, engine }: Context, key: { id: string; publicKey: string }): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: engine.namespace, name: 'argocd-gpg-keys-cm' };
  await kube.patch(ref, { data: { [key.id]: key.publicKey } }, { type: 'merge' });
}

test('what is not signed as the project wants is not deployed, and what is, is', async () => {
  await using context = await given({ 'a.yaml': configMap('a', { value: '1' }) });
  const key = await signingKey();
  await trust(context, key);
  const name = await project(context, { signatureKeys: [{ keyID: key.id }] });
  const app = await context.application({ automated: true, spec: { project: name } });
  const unsigned = await context.repository.head();
  const problem = condition('ComparisonError', `commit ${unsigned} by 'Test <test@example.org>' is not signed`);
  await app.becomes(unknownSync, problem, condition('ComparisonError', context.repository.url));
  expect(await context.live('ConfigMap', 'a')).toBeNull();

  const signed = await signHead(context.repository, key);
  await app.refresh();
  await app.becomes(synced, at(signed), untroubled);

  await context.commit({ 'a.yaml': configMap('a', { value: '2' }) });
  await app.refresh();
  await app.becomes(condition('ComparisonError', 'is not signed'));
  expect((await context.live('ConfigMap', 'a'))?.['data']).toEqual({ value: '1' });
});

test('a signed tag is deployed whose commit is not signed, until its key is no longer trusted', async () => {
  await using context = await given({ 'a.yaml': configMap('a') });
  const key = await signingKey();
  await trust(context, key);
  const policies = [{ repos: [{ url: '*' }, { url: '!https://*' }], gpg: { mode: 'head', keys: [key.fingerprint] } }];
  const name = await project(context, { sourceIntegrity: { git: { policies } } });
  await signTag(context.repository, 'v1.0.0', { key });
  const app = await context.application({ automated: true, spec: { project: name }, targetRevision: '1.x' });
  await app.becomes(synced, at(await context.repository.head()), untroubled);
  await trust(context, { id: key.id, publicKey: await key.revokedPublicKey() });
  await app.refresh();
  await app.becomes(condition('ComparisonError', `${key.id}, which is revoked`));
});

test('the whole history is wanted in strict mode, and local manifests are refused', async () => {
  await using context = await given({ 'a.yaml': configMap('a') });
  const key = await signingKey();
  await trust(context, key);
  const policies = [{ repos: [{ url: '*' }], gpg: { mode: 'strict', keys: [key.id] } }];
  const name = await project(context, { sourceIntegrity: { git: { policies } } });
  const first = await context.repository.head();
  await context.commit({ 'b.yaml': configMap('b') });
  await signHead(context.repository, key);
  const app = await context.application({ spec: { project: name } });
  await app.becomes(condition('ComparisonError', `commit ${first} `));
  await app.patch({ operation: { sync: { manifests: [JSON.stringify(configMap('local'))] } } });
  await app.becomes(operation('Error', /local manifests|is not signed/));
  expect(await context.live('ConfigMap', 'local')).toBeNull();
  await context.commit({ 'c.yaml': configMap('c') });
  const seal = await signHead(context.repository, key, { message: 'seal\n\nArgocd-gpg-seal: reviewed' });
  await app.refresh();
  await app.becomes(at(seal), untroubled);
});
