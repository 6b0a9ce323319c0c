import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type KubeClient } from '@plumbline/cluster';
import { type KubeObject, parseManifests } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { sharedControlPlane, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Lives here because @plumbline/apis, which the CRDs belong to, cannot depend on @plumbline/testing, which depends on it.

const testdata = join(
  dirname(fileURLToPath(import.meta.resolve('@plumbline/apis/testdata/full/application.yaml'))),
  '..',
);
const fixtures = ['seeds', 'full'].flatMap((folder) =>
  readdirSync(join(testdata, folder)).map((file) => `${folder}/${file}`),
);
const plurals: Record<string, string> = {
  Application: 'applications',
  AppProject: 'appprojects',
  ApplicationSet: 'applicationsets',
};

let client: KubeClient;
let namespace: TestNamespace;

beforeAll(async () => {
  const { kubeconfig } = await sharedControlPlane();
  client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  namespace = await testNamespace(client, 'resources');
}, 300_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

function fixture(file: string): KubeObject {
  const [object] = parseManifests(readFileSync(join(testdata, file), 'utf8'), { file }).objects;
  if (!object) throw new Error(`${file} holds no object`);
  return { ...object, metadata: { ...object.metadata, namespace: namespace.name } };
}

function pathOf(object: KubeObject): string {
  return `/apis/${object.apiVersion}/namespaces/${namespace.name}/${plurals[object.kind]}`;
}

/** Creates with strict validation: an unknown or doubled field is an error. */
function create(object: KubeObject): Promise<KubeObject> {
  return client.raw('POST', `${pathOf(object)}?fieldValidation=Strict`, object) as Promise<KubeObject>;
}

describe('the CRDs on a real API server', () => {
  it.each(fixtures)('take %s and prune nothing', async (file) => {
    const object = fixture(file);
    const { metadata: _, status, ...created } = await create(object);
    const { metadata: __, status: wantedStatus, ...wanted } = object;
    expect(created).toEqual(wanted);
    if (object.kind !== 'ApplicationSet') expect(status).toEqual(wantedStatus);
  });

  it('keep the whole status of an ApplicationSet, written through its subresource', async () => {
    const object = fixture('full/application-set.yaml');
    const ref = { apiVersion: object.apiVersion, kind: object.kind, namespace: namespace.name, name: 'full' };
    const patched = await client.patch(
      { ...ref, subresource: 'status' },
      { status: object['status'] },
      { type: 'merge' },
    );
    expect(patched['status']).toEqual(object['status']);
  });

  it('let the controller write status and operation of an Application with the object itself', async () => {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: namespace.name, name: 'root' };
    const patch = { operation: null, status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } } };
    expect(await client.patch(ref, patch, { type: 'merge' })).toMatchObject({ status: patch.status });
  });

  const minimal = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    spec: { project: '', destination: {}, source: { repoURL: 'r' } },
  };
  it.each<[string, object, string]>([
    ['without destination', { spec: { project: 'p', source: { repoURL: 'r' } } }, 'spec.destination: Required value'],
    ['without project', { spec: { destination: {} } }, 'spec.project: Required value'],
    ['without spec', { spec: undefined }, 'spec: Required value'],
    [
      'with text for a number',
      { spec: { ...minimal.spec, revisionHistoryLimit: 'x' } },
      'spec.revisionHistoryLimit: Invalid value',
    ],
    ['with an unknown field', { spec: { ...minimal.spec, sauce: 1 } }, 'unknown field "spec.sauce"'],
  ])('refuse an Application %s', async (_, change, message) => {
    const object = { ...minimal, metadata: { name: 'bad', namespace: namespace.name }, ...change };
    await expect(create(object)).rejects.toThrow(message);
  });

  it.each([
    ['Application', ['app', 'apps']],
    ['AppProject', ['appproj', 'appprojs']],
    ['ApplicationSet', ['appset', 'appsets']],
  ])('give %s its short names', async (kind, shortNames) => {
    const resource = await client.discovery.find({ apiVersion: 'argoproj.io/v1alpha1', kind });
    expect(resource).toMatchObject({ plural: plurals[kind], namespaced: true, shortNames });
  });
});
