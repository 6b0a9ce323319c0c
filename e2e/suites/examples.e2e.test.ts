import { cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseManifests } from '@plumbline/manifests';
import { expect, test } from 'vitest';
import { asApplication, given } from '../fixture/context.ts';
import { healthy, synced, untroubled } from '../fixture/expectations.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const placeholder = 'https://git.example.com/plumbline/examples.git';
const children = ['guestbook-dev', 'guestbook-prod', 'store-production', 'store-staging', 'waves'];

test('the root of examples/ brings every Application to Synced and Healthy, and takes all along when it goes', async () => {
  await using context = await given();
  await cp(examples, context.repository.folder, { recursive: true });
  await context.commit({});
  const text = await readFile(join(examples, 'root.yaml'), 'utf8');
  const [root] = parseManifests(text.replaceAll(placeholder, context.repository.url), { file: 'root.yaml' }).objects;
  if (!root) throw new Error('examples/root.yaml holds no Application');

  const { finalizers } = root.metadata;
  const app = await context.application({ spec: asApplication(root).spec, ...(finalizers ? { finalizers } : {}) });

  await app.becomes(synced, healthy, untroubled);
  for (const name of children) await context.app(name).becomes(synced, healthy, untroubled);
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'frontend', namespace: 'guestbook-prod' };
  expect(await context.kube.get(web)).toMatchObject({ spec: { replicas: 3 }, status: { readyReplicas: 3 } });

  await app.delete();
  await app.disappears();
  expect(await context.kube.find(web)).toBeNull();
  for (const name of children) {
    await context.kube.delete({ apiVersion: 'v1', kind: 'Namespace', name }, { propagationPolicy: 'Background' });
  }
});
