import type { AppProject } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { listing, watchingOrphans } from './concerned-applications.ts';
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

it('finds the Applications whose projects ask for the orphans of a namespace', () => {
  const change = {
    applications: new Set<string>(),
    managed: false,
    below: false,
    keys: [],
    loose: new Set(['web']),
  };
  const at = (name: string, project: string, namespace: string) => {
    const app = shop({ metadata: { name } });
    return { ...app, spec: { ...app.spec, project, destination: { ...app.spec.destination, namespace } } };
  };
  const applications = [at('a', 'curious', 'web'), at('b', 'curious', 'other'), at('c', 'calm', 'web')];
  const projectOf = (name: string): AppProject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name },
    spec: name === 'curious' ? { orphanedResources: {} } : {},
  });
  const found = watchingOrphans(change, applications, projectOf);
  expect(found.map(({ metadata }) => metadata.name)).toEqual(['a']);
});
