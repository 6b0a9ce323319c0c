import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { chooseResources, parseResource } from './resource-choice.ts';

const base = application({ name: 'web', repoURL: 'r', destinationNamespace: 'n' });
const app = {
  ...base,
  status: {
    resources: [
      { group: 'apps', kind: 'Deployment', namespace: 'n', name: 'web' },
      { kind: 'ConfigMap', namespace: 'n', name: 'a' },
      { kind: 'ConfigMap', namespace: 'm', name: 'a' },
    ],
  },
};
const names = (...texts: string[]) =>
  chooseResources(app, texts)?.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);

describe('chooseResources', () => {
  it.each([
    [['apps:Deployment:web'], ['Deployment n/web']],
    [[':ConfigMap:a'], ['ConfigMap n/a', 'ConfigMap m/a']],
    [[':ConfigMap:m/a'], ['ConfigMap m/a']],
    [['!*:ConfigMap:*'], ['Deployment n/web']],
    [
      ['*:*:*', '!:ConfigMap:m/a'],
      ['Deployment n/web', 'ConfigMap n/a'],
    ],
  ])('%j chooses %j', (texts, expected) => {
    expect(names(...texts)).toEqual(expected);
  });

  it('chooses all without patterns, and refuses what chooses nothing', () => {
    expect(names()).toBeUndefined();
    expect(() => names(':Secret:x')).toThrow('no resource of web matches :Secret:x');
  });

  it.each(['web', 'Deployment/web', 'apps:Deployment:', 'a:b:c:d'])('refuses "%s"', (text) => {
    expect(() => parseResource(text)).toThrow('names no resource');
  });
});
