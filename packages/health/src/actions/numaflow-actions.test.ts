import type { KubeObject } from '@plumbline/manifests';
import { expect, test } from 'vitest';
import { createActions } from './create-actions.ts';

const actions = createActions(() => []);

function object(apiVersion: string, kind: string, more: object): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', namespace: 'web' }, ...more } as KubeObject;
}

const numaflow = (labels: object) => ({
  ...object('numaflow.numaproj.io/v1alpha1', 'Pipeline', { spec: { lifecycle: { desiredPhase: 'Paused' } } }),
  metadata: { name: 'x', labels } as KubeObject['metadata'],
});
const ownedPipeline = {
  ...numaflow({}),
  metadata: {
    name: 'x',
    labels: { 'numaplane.numaproj.io/upgrade-state': 'recyclable' },
    ownerReferences: [{ apiVersion: 'numaplane.numaproj.io/v1alpha1', kind: 'PipelineRollout', name: 'x', uid: 'u' }],
  } as KubeObject['metadata'],
};
const pipelineRollout = (strategies: string) =>
  object('numaplane.numaproj.io/v1alpha1', 'PipelineRollout', {
    spec: {
      pipeline: {
        metadata: { annotations: { 'numaflow.numaproj.io/allowed-resume-strategies': strategies } },
        spec: { lifecycle: { desiredPhase: 'Paused' } },
      },
    },
  });

test.each<[string, KubeObject, string]>([
  [
    'a paused Pipeline',
    numaflow({ 'numaplane.numaproj.io/upgrade-state': 'trial' }),
    '(delete) force-promote (pause) (unpause-fast) unpause-gradual',
  ],
  ['a Pipeline that a rollout owns', ownedPipeline, 'delete (force-promote) (pause) (unpause-fast) (unpause-gradual)'],
  [
    'a rollout of a Pipeline',
    pipelineRollout('slow, fast'),
    '(allow-data-loss) (disallow-data-loss) (pause) unpause-fast unpause-gradual',
  ],
])('actions are offered by the state of %s', async (_, target, expected) => {
  const offered = await actions.list(target);
  expect(offered.map(({ name, disabled }) => (disabled ? `(${name})` : name)).join(' ')).toBe(expected);
});

test.each<[string, KubeObject, [string], object]>([
  [
    'the pace at which a Pipeline goes on',
    numaflow({}),
    ['unpause-fast'],
    {
      metadata: { annotations: { 'numaflow.numaproj.io/resume-strategy': 'fast' } },
      spec: { lifecycle: { desiredPhase: 'Running' } },
    },
  ],
  [
    'the pace at which a rollout goes on',
    pipelineRollout('fast'),
    ['unpause-gradual'],
    {
      spec: {
        pipeline: { spec: { lifecycle: { desiredPhase: 'Running' } } },
        strategy: { pauseResume: { fastResume: false } },
      },
    },
  ],
])('an action changes %s', async (_, target, [name], expected) => {
  const operations = await actions.run(target, name, { parameters: {}, now: new Date(0) });
  expect(operations).toMatchObject([{ operation: 'patch', resource: { ...expected, kind: target.kind } }]);
});
