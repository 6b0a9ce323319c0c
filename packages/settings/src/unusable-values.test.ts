import { describe, expect, it } from 'vitest';
import { cm, read } from './test-support/snapshots.ts';

describe('a value that cannot be used', () => {
  it.each<[string, string, string]>([
    ['application.resourceTrackingMethod', 'magic', 'expected one of annotation, label, annotation+label'],
    ['timeout.reconciliation', 'soon', 'expected a duration such as 30s or 5m'],
    ['timeout.reconciliation', '-5s', 'expected a duration that is not negative'],
    ['admin.enabled', 'maybe', 'expected true or false'],
    ['url', 'cd.example.com', 'expected an http or https URL'],
    ['accounts.ci', 'fly', 'expected login, apiKey or both, separated by a comma'],
    ['resource.exclusions', 'kinds: [Pod]', 'expected a list of {apiGroups, kinds, clusters}'],
    [
      'resource.compareoptions',
      'ignoreResourceStatusField: some',
      'ignoreResourceStatusField: expected all, crd or none',
    ],
    [
      'resource.customizations.ignoreDifferences.a_b_c',
      '',
      'expected a key that ends in <group>_<Kind>, <Kind> or all',
    ],
    ['resource.customizations.health.a_b_c', 'x', 'expected a key that ends in <group>_<Kind> or <Kind>'],
    ['resource.customizations.actions.Pod', 'definitions: [{name: a}]', 'definitions.0.action.lua: '],
    ['plumbline.dev.health.Pod', '- {status: Fine}', '0.status: '],
    ['resource.customizations', "a/B: {ignoreDifferences: 'jsonPointers: 1'}", 'jsonPointers: '],
    ['resource.customizations', 'apps/Deployment: [health]', 'apps/Deployment: '],
  ])('%s: %j is told with its key and what is expected', (key, text, message) => {
    const { problems } = cm(key, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ object: 'ConfigMap argocd-cm', key });
    expect(problems[0]?.message).toContain(message);
  });

  it('is told with its line where it is YAML that does not parse', () => {
    const { problems } = cm('resource.exclusions', '- apiGroups: [a]\n  kinds: [b\n- c');
    expect(problems[0]).toMatchObject({ key: 'resource.exclusions', line: expect.any(Number) });
    expect(problems[0]?.line).toBeGreaterThan(1);
  });

  it('leaves the last good value in force until it is corrected', () => {
    const first = cm('timeout.reconciliation', '5m');
    const second = read({ cm: { 'timeout.reconciliation': 'soon' } }, first.good);
    const third = read({ cm: { 'timeout.reconciliation': 'later' } }, second.good);
    const last = read({ cm: { 'timeout.reconciliation': '7m' } }, third.good);
    expect([second, third, last].map(({ control }) => control.refreshMs)).toEqual([300_000, 300_000, 420_000]);
    expect([second, third, last].map(({ problems }) => problems.length)).toEqual([1, 1, 0]);
  });

  it('leaves the default in force where there was no good one, also after the key was gone', () => {
    const gone = read({}, cm('timeout.reconciliation', '5m').good);
    expect(read({ cm: { 'timeout.reconciliation': 'soon' } }, gone.good).control.refreshMs).toBe(120_000);
  });

  it('does not touch other keys', () => {
    const { control } = read({ cm: { 'timeout.reconciliation': 'soon', installationID: 'blue' } });
    expect(control.installationId).toBe('blue');
  });
});
