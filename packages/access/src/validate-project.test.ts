import type { AppProject, AppProjectSpec } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { validateProject } from './validate-project.ts';

const project = (spec: AppProjectSpec): AppProject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'p' },
  spec,
});

const window = { kind: 'allow', schedule: '0 3 * * *', duration: '1h', applications: ['*'] };

describe('validateProject', () => {
  it('has nothing to say about a sound project', () => {
    const sound = project({
      sourceRepos: ['*', '!https://x'],
      destinations: [
        { server: '*', namespace: 'a' },
        { server: '*', namespace: 'b' },
        { name: 'x', namespace: '!kube-system' },
      ],
      roles: [{ name: 'ci_1', groups: ['my org:team'], policies: ['p, proj:p:ci_1, applications, *, p/*, allow'] }],
      syncWindows: [window, { ...window, kind: 'deny' }],
      destinationServiceAccounts: [{ server: 'https://*', namespace: 'a-*', defaultServiceAccount: 'ns:deployer' }],
    });
    expect(validateProject(sound)).toEqual([]);
  });

  it.each<[string, AppProjectSpec]>([
    ['invalid format', { destinations: [{ server: '*', namespace: '!*' }] }],
    [
      'twice',
      {
        destinations: [
          { server: '*', namespace: 'a' },
          { server: '*', namespace: 'a' },
        ],
      },
    ],
    ['invalid format', { sourceRepos: ['!*'] }],
    ['role name', { roles: [{ name: 'not a name' }] }],
    ['twice', { roles: [{ name: 'a' }, { name: 'a' }] }],
    ['group', { roles: [{ name: 'a', groups: ['x, role:admin'] }] }],
    ['the subject must be', { roles: [{ name: 'a', policies: ['p, proj:q:a, applications, get, q/*, allow'] }] }],
    ["no action 'fly'", { roles: [{ name: 'a', policies: ['p, proj:p:a, applications, fly, p/*, allow'] }] }],
    ['time zone "Mars/Base" is unknown', { syncWindows: [{ ...window, timeZone: 'Mars/Base' }] }],
    ['duration', { syncWindows: [{ ...window, duration: 'long' }] }],
    ['schedule', { syncWindows: [{ ...window, schedule: 'never' }] }],
    ['allow or deny', { syncWindows: [{ ...window, kind: 'perhaps' }] }],
    ['names no', { syncWindows: [{ kind: 'allow', schedule: '* * * * *', duration: '1h' }] }],
    ['service account', { destinationServiceAccounts: [{ server: '*', defaultServiceAccount: 'a b' }] }],
    ['without !', { destinationServiceAccounts: [{ server: '!x', defaultServiceAccount: 'a' }] }],
  ])('tells %s', (words, spec) => {
    expect(validateProject(project(spec)).join('\n')).toContain(words);
  });
});
