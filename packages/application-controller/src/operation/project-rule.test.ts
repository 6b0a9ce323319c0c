import type { AppProject, AppProjectSpec } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { configMap } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { permitted } from './prepare-attempt.ts';
import { projectRule } from './project-rule.ts';

const open = { destinations: [{ server: '*', namespace: '*' }] };
const project = (spec: AppProjectSpec): AppProject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default' },
  spec: { ...open, ...spec },
});

/** An operation whose first wave waits. */
async function underWay(): Promise<Engine> {
  const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
  const engine = await startEngine({ objects: [configMap('a'), second] });
  engine.holds = [projectRule()];
  engine.project = project({});
  engine.live.health['a'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  expect(engine.operationState?.phase).toBe('Running');
  engine.live.health['a'] = 'Healthy';
  return engine;
}

it('ends an operation whose rest the project has come to forbid, and applies nothing more', async () => {
  const engine = await underWay();
  engine.project = project({ namespaceResourceBlacklist: [{ group: '', kind: 'ConfigMap' }] });
  await engine.pass();
  expect(engine.operationState).toMatchObject({
    phase: 'Failed',
    message: expect.stringContaining('resource :ConfigMap is not permitted in project default'),
  });
  expect(engine.cluster.log.filter((line) => line.startsWith('apply ConfigMap/b'))).toEqual([]);
});

it('lets an operation go on whose project has changed otherwise', async () => {
  const engine = await underWay();
  engine.project = project({ namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] });
  await engine.pass();
  expect(engine.operationState?.phase).toBe('Succeeded');
});

it('knows a cluster that is declared for the project, where only such are permitted', () => {
  const key = { group: '', kind: 'ConfigMap', namespace: 'n', name: 'a' };
  const problem = (clusterProject: string | undefined) =>
    permitted(
      {
        project: project({ permitOnlyProjectScopedClusters: true }),
        destination: { server: 'https://c', name: 'c', clusterProject },
      } as Parameters<typeof permitted>[0],
      key,
    );
  expect(problem('default')).toBeUndefined();
  expect(problem('other')).toContain('not permitted');
  expect(problem(undefined)).toContain('not permitted');
});
