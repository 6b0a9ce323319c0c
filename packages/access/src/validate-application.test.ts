import type { Application, ApplicationSpec, AppProject, AppProjectSpec } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { type ValidationContext, validateApplication } from './index.ts';

const server = 'https://kubernetes.default.svc';
const source = { repoURL: 'https://h/o/r', path: 'app' };
const dry = { repoURL: 'https://h/o/dry', targetRevision: 'main', path: 'app' };
const branch = { targetBranch: 'env', path: 'app' };

function application(spec: Partial<ApplicationSpec>, namespace = 'argocd'): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'a', namespace },
    spec: { project: 'p', destination: { server, namespace: 'n' }, source, ...spec },
  };
}

function project(spec: AppProjectSpec): AppProject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'p' }, spec };
}

const all = project({ sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] });
const context = (more: Partial<ValidationContext> = {}): ValidationContext => ({
  project: all,
  destination: { server, name: 'in-cluster' },
  controlNamespace: 'argocd',
  ...more,
});
const messages = (app: Application, more?: Partial<ValidationContext>) =>
  validateApplication(app, context(more)).map(({ type, message }) => `${type}: ${message}`);

describe('validateApplication', () => {
  it('finds nothing wrong with a good one', () => expect(messages(application({}))).toEqual([]));

  it.each<[string, Application, Partial<ValidationContext>, string[]]>([
    [
      'a project that is not there',
      application({ project: 'q' }),
      { project: undefined },
      ['Application referencing project q which does not exist'],
    ],
    [
      'a missing default project',
      application({ project: '' }),
      { project: undefined },
      ['Application referencing project default which does not exist'],
    ],
    [
      'a namespace that the project does not allow',
      application({}, 'team'),
      {},
      ["application 'a' in namespace 'team' is not permitted to use project 'p'"],
    ],
    [
      'no source',
      application({ source: undefined }),
      {},
      ['spec.source.repoURL and either spec.source.path or spec.source.chart are required'],
    ],
    [
      'a source without path and chart',
      application({ source: { repoURL: 'r' } }),
      {},
      ['spec.source.repoURL and either spec.source.path or spec.source.chart are required'],
    ],
    [
      'a chart without version',
      application({ source: { repoURL: 'r', chart: 'c' } }),
      {},
      ['spec.source.targetRevision is required if the manifest source is a helm chart'],
    ],
    [
      'one of several sources without a place',
      application({ sources: [source, { repoURL: 'r' }] }),
      {},
      [
        'spec.source.repoURL and either source.path, source.chart, or source.ref are required for source {"repoURL":"r"}',
      ],
    ],
    [
      'a destination that cannot be resolved',
      application({}),
      { destination: { problem: 'there are no clusters with this name: x' } },
      ['there are no clusters with this name: x'],
    ],
    [
      'a repository that is not allowed',
      application({}),
      { project: project({ destinations: [{ server: '*', namespace: '*' }] }) },
      ["application repo https://h/o/r is not permitted in project 'p'"],
    ],
    [
      'a destination by server that is not allowed',
      application({}),
      { project: project({ sourceRepos: ['*'] }) },
      [
        `application destination server '${server}' and namespace 'n' do not match any of the allowed destinations in project 'p'`,
      ],
    ],
    [
      'a destination by name that is not allowed',
      application({ destination: { name: 'in-cluster', namespace: 'n' } }),
      { project: project({ sourceRepos: ['*'] }) },
      [
        "application destination server 'in-cluster' and namespace 'n' do not match any of the allowed destinations in project 'p'",
      ],
    ],
    [
      'repository and destination at once',
      application({}),
      { project: project({}) },
      [
        "application repo https://h/o/r is not permitted in project 'p'",
        `application destination server '${server}' and namespace 'n' do not match any of the allowed destinations in project 'p'`,
      ],
    ],
    [
      'a hydrator without branch',
      application({
        sourceHydrator: {
          drySource: dry,
          syncSource: { ...branch, targetBranch: '' },
          hydrateTo: { targetBranch: '' },
        },
      }),
      {},
      [
        'spec.sourceHydrator.syncSource.targetBranch is required',
        'when spec.sourceHydrator.hydrateTo is set, spec.sourceHydrator.hydrateTo.targetBranch is required',
      ],
    ],
    [
      'a hydrator that syncs from a repository that is not allowed',
      application({ sourceHydrator: { drySource: dry, syncSource: { ...branch, repoURL: 'https://h/x' } } }),
      { project: project({ sourceRepos: ['https://h/o/*'], destinations: [{ server: '*', namespace: '*' }] }) },
      ["sync source repo https://h/x is not permitted in project 'p'"],
    ],
  ])('tells %s', (_, app, more, expected) => {
    expect(messages(app, more)).toEqual(expected.map((message) => `InvalidSpecError: ${message}`));
  });

  it.each<[string, Application]>([
    ['a chart with a version', application({ source: { repoURL: 'r', chart: 'c', targetRevision: '1' } })],
    ['a source of values only', application({ sources: [source, { repoURL: 'r', ref: 'values' }] })],
    [
      'a hydrator instead of a source',
      application({ source: undefined, sourceHydrator: { drySource: dry, syncSource: branch } }),
    ],
  ])('takes %s', (_, app) => expect(messages(app)).toEqual([]));

  it('does not judge a destination that nobody resolved', () => {
    expect(messages(application({}), { destination: undefined, project: project({ sourceRepos: ['*'] }) })).toEqual([]);
  });
});
