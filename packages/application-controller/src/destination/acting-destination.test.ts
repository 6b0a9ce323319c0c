import type { AppProject } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import type { Pass } from '../pass.ts';
import { actingDestination } from './acting-destination.ts';
import type { Destination } from './destinations.ts';

const app = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'team-a' });
const project: AppProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'team' },
  spec: { destinationServiceAccounts: [{ server: '*', namespace: 'team-*', defaultServiceAccount: 'deployer' }] },
};

/** Names who it acts as. */
const client = (user: string) => ({ user, impersonate: (other: string) => client(other) }) as unknown as KubeClient;
const destination = { server: 'https://kubernetes.default.svc', client: client('engine') } as Destination;

function acting(change: Partial<Pass>, impersonation: { enabled: boolean; enforced: boolean }): unknown {
  const pass = { app, project, ...change } as Pass;
  return actingDestination(pass, destination, { access: () => ({ impersonation }) as never }).client;
}

const on = { enabled: true, enforced: true };

describe('writes with impersonation', () => {
  it('are those of the account that the project names', () => {
    expect(acting({}, on)).toMatchObject({ user: 'system:serviceaccount:team-a:deployer' });
    expect(acting({}, { enabled: false, enforced: true })).toMatchObject({ user: 'engine' });
  });

  it('are refused where the project names none, unless that is allowed', () => {
    const bare = { project: { ...project, spec: {} } };
    expect(() => acting(bare, on)).toThrow('the project team names no service account');
    expect(acting(bare, { enabled: true, enforced: false })).toMatchObject({ user: 'engine' });
  });

  it('of a deletion without its project are the engine’s own', () => {
    expect(acting({ project: undefined }, on)).toMatchObject({ user: 'engine' });
  });
});
