import { expect, it } from 'vitest';
import { listing } from './concerned-applications.ts';
import { shop } from './test-support/builders.ts';

const definition = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: 'widgets.example.com' };
const withResource = (name: string) =>
  shop({ metadata: { name }, status: { resources: [{ ...definition, version: 'v1', name: `${name}.example.com` }] } });

it('finds the Applications with a CustomResourceDefinition, which carries no tracking', () => {
  const change = {
    applications: new Set<string>(),
    managed: true,
    below: false,
    keys: [{ ...definition, namespace: '' }],
  };
  const applications = [withResource('widgets'), withResource('gadgets'), shop()];
  expect(listing(change, applications).map(({ metadata }) => metadata.name)).toEqual(['widgets']);
});
