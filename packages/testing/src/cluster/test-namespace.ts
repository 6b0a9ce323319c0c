import { randomBytes } from 'node:crypto';
import type { KubeObject } from '@plumbline/manifests';

/** As much of a `KubeClient` as a namespace needs. */
export interface NamespaceClient {
  create(object: KubeObject): Promise<unknown>;
  delete(
    ref: { apiVersion: string; kind: string; name: string },
    options: { propagationPolicy: 'Background' },
  ): Promise<unknown>;
}

/** A namespace of one test. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
}

/**
 * Makes a namespace with a unique name. Disposing of it starts its deletion and does not wait for the end, which takes
 * some seconds.
 */
export async function testNamespace(client: NamespaceClient, prefix = 'test'): Promise<TestNamespace> {
  const name = `${prefix}-${randomBytes(5).toString('hex')}`;
  const ref = { apiVersion: 'v1', kind: 'Namespace', name };
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return {
    name,
    async [Symbol.asyncDispose]() {
      await client.delete(ref, { propagationPolicy: 'Background' });
    },
  };
}
