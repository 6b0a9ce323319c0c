import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlumblineError } from '@plumbline/errors';
import { type KubeObject, parseManifests } from '@plumbline/manifests';
import { Agent, type Dispatcher } from 'undici';
import { eventually } from '../eventually.ts';
import type { ClusterLogin } from './kubeconfig.ts';

const crdFolder = fileURLToPath(new URL('../../../../deploy/crds/', import.meta.url));
const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Applies the custom resource definitions of `deploy/crds` and waits until the server serves them. */
export async function installCrds(login: ClusterLogin): Promise<void> {
  if (!existsSync(crdFolder)) return;
  const agent = new Agent({ connect: { ca: login.authority, cert: login.certificate, key: login.key } });
  try {
    await Promise.all((await readCrds()).map((crd) => install(agent, login.server, crd)));
  } finally {
    await agent.close();
  }
}

async function readCrds(): Promise<KubeObject[]> {
  const files = (await readdir(crdFolder)).filter((file) => /\.ya?ml$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(crdFolder, file), 'utf8')));
  return texts
    .flatMap((text, index) => parseManifests(text, { file: files[index] ?? '' }).objects)
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
}

async function install(agent: Dispatcher, origin: string, crd: KubeObject): Promise<void> {
  const path = `${collection}/${crd.metadata.name}`;
  const applied = await agent.request({
    origin,
    method: 'PATCH',
    path: `${path}?fieldManager=plumbline-testing&force=true`,
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(crd),
  });
  const answer = await applied.body.text();
  if (applied.statusCode >= 300) throw new PlumblineError('TESTING_CRD', `applying ${crd.metadata.name}: ${answer}`);
  const paths = servedPaths(crd);
  await eventually(() => allAnswer(agent, origin, paths), {
    what: `${crd.metadata.name} to be served`,
    timeoutMs: 20_000,
  });
}

/**
 * A list of every served version. The condition Established is not enough: right after it the server still answers 404
 * or 429 (storage is initializing).
 */
function servedPaths(crd: KubeObject): string[] {
  const { group, names, versions } = crd['spec'] as CrdSpec;
  return versions.filter(({ served }) => served).map(({ name }) => `/apis/${group}/${name}/${names.plural}?limit=1`);
}

interface CrdSpec {
  group: string;
  names: { plural: string };
  versions: { name: string; served: boolean }[];
}

async function allAnswer(agent: Dispatcher, origin: string, paths: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(paths.map((path) => agent.request({ origin, method: 'GET', path })));
  await Promise.all(answers.map(({ body }) => body.dump()));
  return answers.every(({ statusCode }) => statusCode === 200);
}
