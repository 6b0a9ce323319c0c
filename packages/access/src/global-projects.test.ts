import type { AppProject, AppProjectSpec } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { globalProjectsOf, withGlobalProjects } from './global-projects.ts';

const project = (name: string, spec: AppProjectSpec, labels: Record<string, string> = {}): AppProject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name, labels },
  spec,
});

const base = project('base', { sourceRepos: ['a'], namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] });
const find = (name: string) => (name === 'base' ? base : undefined);
const rule = (labelSelector: object) => [{ projectName: 'base', labelSelector }];

describe('global projects', () => {
  it.each<[object, boolean]>([
    [{}, true],
    [{ matchLabels: { team: 'x' } }, true],
    [{ matchLabels: { team: 'y' } }, false],
    [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['x', 'y'] }] }, true],
    [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['x'] }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'team', operator: 'Like', values: ['x'] }] }, false],
  ])('with the selector %j hold: %s', (selector, holds) => {
    const own = project('own', {}, { team: 'x' });
    expect(globalProjectsOf(own, rule(selector), find)).toEqual(holds ? [base] : []);
  });

  it('add to the lists of the project, and leave absent what neither has', () => {
    const { spec } = withGlobalProjects(project('own', { sourceRepos: ['b'], description: 'd' }), [base]);
    expect(spec).toEqual({
      description: 'd',
      sourceRepos: ['b', 'a'],
      namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
    });
  });

  it('are never those of themselves, nor any that are not there', () => {
    expect(globalProjectsOf(base, rule({}), find)).toEqual([]);
    expect(globalProjectsOf(project('own', {}), [{ projectName: 'gone', labelSelector: {} }], find)).toEqual([]);
  });
});
