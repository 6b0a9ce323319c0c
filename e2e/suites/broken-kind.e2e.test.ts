import { randomBytes } from 'node:crypto';
import type { KubeObject } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { expect, test } from 'vitest';
import { given } from '../fixture/context.ts';
import { condition, synced, unknownSync, untroubled } from '../fixture/expectations.ts';

const apiVersion = 'apiextensions.k8s.io/v1';

function definition(group: string, stored: 'v1' | 'v2', conversion: unknown): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = ['v1', 'v2'].map((name) => ({ name, served: true, storage: name === stored, schema }));
  const names = { kind: 'Frail', plural: 'frails', singular: 'frail', listKind: 'FrailList' };
  return {
    apiVersion,
    kind: 'CustomResourceDefinition',
    metadata: { name: `frails.${group}` },
    spec: { group, scope: 'Namespaced', names, versions, conversion },
  };
}

test('a conversion webhook that is down stops the Applications with its kind, by name, and nobody else', async () => {
  const group = `t${randomBytes(4).toString('hex')}.example.com`;
  const frail = { apiVersion: `${group}/v1`, kind: 'Frail', metadata: { name: 'a' }, spec: { a: 1 } };
  await using context = await given({ 'frail/a.yaml': frail, 'sound/b.yaml': configMap('b') });
  const { kube } = context;
  const none = { strategy: 'None' };
  await kube.create(definition(group, 'v1', none));
  const ref = { apiVersion, kind: 'CustomResourceDefinition', name: `frails.${group}` };
  try {
    const spec = { syncPolicy: { automated: { prune: true, selfHeal: true } } };
    const [concerned, other] = await Promise.all([
      context.application({ path: 'frail', spec }),
      context.application({ path: 'sound', spec }),
    ]);
    await Promise.all([concerned.becomes(synced), other.becomes(synced)]);
    const webhook = { clientConfig: { url: 'https://127.0.0.1:9/convert' }, conversionReviewVersions: ['v1'] };
    await kube.patch(
      ref,
      { spec: definition(group, 'v2', { strategy: 'Webhook', webhook })['spec'] },
      { type: 'merge' },
    );
    const words = new RegExp(`objects of the kind ${group}/Frail cannot be seen now: conversion webhook`);
    await concerned.becomes(unknownSync, condition('ComparisonError', words));
    await other.refresh('hard');
    await other.becomes(synced, untroubled);
    await kube.patch(ref, { spec: { conversion: { strategy: 'None', webhook: null } } }, { type: 'merge' });
    await concerned.becomes(synced, untroubled);
    expect(await kube.find({ ...frail, namespace: context.namespace, name: 'a' })).not.toBeNull();
  } finally {
    await kube.delete(ref, { propagationPolicy: 'Background' });
  }
});
