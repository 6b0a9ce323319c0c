import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { KubeClient } from '@plumbline/cluster';
import { deepEqual, type JsonValue, type KubeObject, parseManifests } from '@plumbline/manifests';

const crdFolder = resolve(import.meta.dirname, '../../../deploy/crds');
const manager = 'plumbline-installer';

/**
 * Creates the CustomResourceDefinitions that are missing and waits until their kinds are served. What is there is left
 * as it is: a cluster that Argo CD is installed on keeps its own.
 */
export async function installCrds(client: KubeClient): Promise<void> {
  const files = (await readdir(crdFolder)).filter((name) => name.endsWith('.yaml')).sort();
  const wanted = await Promise.all(files.map((name) => readCrd(join(crdFolder, name))));
  await Promise.all(wanted.map((crd) => ensureCrd(client, crd)));
}

async function readCrd(file: string): Promise<KubeObject> {
  const { objects } = parseManifests(await readFile(file, 'utf8'), { file });
  const [crd] = objects;
  if (!crd) throw new Error(`${file} holds no CustomResourceDefinition`);
  return crd;
}

async function ensureCrd(client: KubeClient, crd: KubeObject): Promise<void> {
  const ref = { apiVersion: crd.apiVersion, kind: crd.kind, name: crd.metadata.name ?? '' };
  const live = await client.find(ref);
  if (!live || isOurs(live, crd)) await client.apply(crd, { fieldManager: manager, force: true });
  const deadline = Date.now() + 30_000;
  while (!isEstablished(await client.get(ref))) {
    if (Date.now() > deadline) throw new Error(`the API server does not serve ${ref.name} after 30 s`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Ours, of an earlier version: those are brought up to date. */
function isOurs(live: KubeObject, crd: KubeObject): boolean {
  const mine = live.metadata.managedFields?.some((entry) => entry.manager === manager) ?? false;
  return mine && !deepEqual(live['spec'] as JsonValue, crd['spec'] as JsonValue);
}

function isEstablished(crd: KubeObject): boolean {
  const { conditions } = (crd['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
}
