import type { Application } from '@plumbline/apis';
import type { ManagedResource, ResourceNode } from '@plumbline/protocol';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { type ExplainedFacts, explainText } from './explain-text.ts';

const plain = (text: string): string => text;
const style = { bold: plain, dim: plain, paint: plain, now: new Date('2026-05-01T12:00:00Z') };
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const app = (status: object): Application => ({ ...base, status }) as Application;
const node = (kind: string, name: string, parent: string | undefined, health?: object): ResourceNode => ({
  version: 'v1',
  kind,
  namespace: 'n',
  name,
  uid: name,
  resourceVersion: '1',
  ...(parent ? { parentRefs: [{ kind: 'X', name: parent, uid: parent }] } : {}),
  ...(health ? { health: health as ResourceNode['health'] } : {}),
});
const text = (facts: Partial<ExplainedFacts> & Pick<ExplainedFacts, 'application'>): string =>
  explainText({ managed: [], nodes: [], events: [], ...facts }, style);

describe('plumb app explain', () => {
  it('leads from the workload to the event of its Pod, once', () => {
    const nodes = [
      node('Deployment', 'web', undefined, { status: 'Progressing', message: '0 of 1 ready' }),
      node('ReplicaSet', 'web-1', 'web', { status: 'Progressing' }),
      node('Pod', 'web-1-x', 'web-1', { status: 'Degraded', message: 'image not found' }),
      node('Service', 'web-svc', undefined, { status: 'Healthy' }),
    ];
    const event = { uid: 'web-1-x', reason: 'Failed', message: 'cannot pull', count: 3, time: '2026-05-01T11:59:00Z' };
    const page = text({
      application: app({ sync: { status: 'Synced' }, health: { status: 'Degraded' } }),
      nodes,
      events: [event],
    });
    expect(page).toContain('web is Synced and Degraded');
    expect(page).toMatch(
      /Why it is Degraded\n {2}Deployment web → ReplicaSet web-1 → Pod web-1-x: Degraded, image not found\n {4}event Failed \(1m ago, 3 times\): cannot pull/,
    );
    expect(page).not.toContain('web-svc');
    expect(page).toContain('next: plumb app logs web');
  });

  it('shows the fields that differ and who wrote them', () => {
    const managed: ManagedResource = {
      group: '',
      kind: 'ConfigMap',
      namespace: 'n',
      name: 'a',
      targetState: '{}',
      liveState: '{}',
      diff: '',
      hook: false,
      normalizedLiveState: '',
      predictedLiveState: '',
      resourceVersion: '1',
      modified: true,
      differences: [{ path: '/data/key', live: 'x', target: 'y', manager: 'kubectl-edit' }],
    };
    const page = text({
      application: app({ sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } }),
      managed: [managed],
    });
    expect(page).toMatch(/Why it is OutOfSync\n {2}ConfigMap n\/a\n/);
    expect(page).toContain('written by kubectl-edit');
    expect(page).toContain('next: plumb app sync web');
  });

  it('begins with conditions and a failed operation, and says what to mend', () => {
    const page = text({
      application: app({
        sync: { status: 'Unknown' },
        health: { status: 'Healthy' },
        conditions: [{ type: 'ComparisonError', message: 'no such path' }],
        operationState: { phase: 'Failed', message: 'one task failed', operation: {}, startedAt: '' },
      }),
    });
    expect(page).toMatch(
      /Conditions\n {2}ComparisonError: no such path\n\nThe last operation\n {2}Failed: one task failed/,
    );
    expect(page).toContain('mend what the condition names');
  });

  it('says that all is well', () => {
    const page = text({ application: app({ sync: { status: 'Synced' }, health: { status: 'Healthy' } }) });
    expect(page).toBe('web is Synced and Healthy\n\nnext: nothing: all is well\n');
  });
});
