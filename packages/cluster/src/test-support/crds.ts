import { randomBytes } from 'node:crypto';
import type { KubeObject } from '@plumbline/manifests';

/** A CRD of a group of its own; by default one version `v1`, namespaced, any content. */
export function customKind(kind: string, options: { scope?: 'Namespaced' | 'Cluster'; versions?: string[] } = {}) {
  const group = `t${randomBytes(4).toString('hex')}.example.com`;
  const plural = `${kind.toLowerCase()}s`;
  const { scope = 'Namespaced', versions = ['v1'] } = options;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const definition: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((name, index) => ({ name, served: true, storage: index === 0, schema })),
    },
  };
  const ref = { apiVersion: definition.apiVersion, kind: definition.kind, name: String(definition.metadata.name) };
  return { definition, ref, group, kind, apiVersion: `${group}/${versions[0]}` };
}
