import type { AppProject } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { createEnforcer, type EnforcerOptions, type Subject } from './enforcer.ts';
import { parsePolicy } from './policy.ts';

const team: AppProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'team' },
  spec: {
    roles: [
      {
        name: 'ci',
        groups: ['builders'],
        policies: [
          'p, proj:team:ci, applications, get, team/*, allow',
          'p, proj:team:ci, applications, sync, team/web, allow',
          'p, proj:team:ci, applications, get, other/*, allow',
          'p, someone, applications, *, team/*, allow',
          'p, proj:team:ci, accounts, get, team/x, allow',
          'g, someone, role:admin',
        ],
      },
      { name: 'empty' },
    ],
  },
};
const other: AppProject = { ...team, metadata: { name: 'other' }, spec: {} };

function enforcer(policy: string, options: Partial<EnforcerOptions> = {}) {
  const projects: Record<string, AppProject> = { team, other };
  return createEnforcer({
    policy: parsePolicy(policy),
    defaultRole: '',
    matchMode: 'glob',
    project: (name) => projects[name],
    ...options,
  });
}

const named = (name: string, ...groups: string[]): Subject => ({ name, groups });

/** One verdict: `subject[+group] resource action object`. */
function ask(policy: string, question: string, options: Partial<EnforcerOptions> = {}): boolean {
  const [who = '', resource = '', action = '', object = ''] = question.split(' ');
  const [name = '', ...groups] = who.split('+');
  return enforcer(policy, options).can(named(name, ...groups), resource, action, object);
}

describe('verdicts', () => {
  it.each<[string, string, boolean]>([
    ['', 'bob applications get team/web', false],
    ['', 'admin applications delete team/web', true],
    ['', 'admin exec create team/web', true],
    ['', 'admin applications action/apps/Deployment/restart team/web', true],
    ['', 'admin nonsense get x', false],
    ['g, bob, role:readonly', 'bob logs get team/web', true],
    ['g, bob, role:readonly', 'bob exec create team/web', false],
    ['g, bob, role:readonly', 'bob applications sync team/web', false],
    ['g, bob, a\ng, a, b\ng, b, role:admin', 'bob projects delete x', true],
    ['g, bob, a\ng, a, bob', 'bob projects delete x', false],
    ['p, bob, applications, get, team/web, allow', 'bob applications get team/web2', false],
    ['p, bob, applications, get, team/*, allow', 'bob applications get team/ns/web', true],
    [
      'p, bob, applications, *, */*, allow\np, bob, applications, delete, team/*, deny',
      'bob applications delete team/a',
      false,
    ],
    [
      'p, bob, applications, *, */*, allow\np, bob, applications, delete, team/*, deny',
      'bob applications delete other/a',
      true,
    ],
    ['g, bob, role:admin\np, bob, applications, get, team/web, deny', 'bob applications get team/web', false],
    ['p, bob, applications, update, */*, allow', 'bob applications update/apps/Deployment/n/web team/a', false],
    ['p, bob, applications, update/*, */*, allow', 'bob applications update/apps/Deployment/n/web team/a', true],
    ['p, bob, applications, update/*, */*, allow', 'bob applications update team/a', false],
    ['p, bob, applications, delete/*/ConfigMap/n/a, */*, allow', 'bob applications delete//ConfigMap/n/a team/a', true],
    [
      'p, bob, applications, delete/*/ConfigMap/n/a, */*, allow',
      'bob applications delete/apps/Deployment/n/a team/a',
      false,
    ],
    ['g, devs, role:admin', 'bob+devs clusters get https://x', true],
    ['p, devs, clusters, get, *, allow', 'bob+devs clusters get https://x', false],
    ['p, bob, clusters, get, *, allow', 'bob clusters get https://a/b', true],
  ])('policy %j: %s is %s', (policy, question, verdict) => {
    expect(ask(policy, question)).toBe(verdict);
  });

  it('give everyone the rights of the default role, the anonymous too', () => {
    const readonly = { defaultRole: 'role:readonly' };
    expect(ask('', 'bob applications get team/web', readonly)).toBe(true);
    expect(ask('', ' applications get team/web', readonly)).toBe(true);
    expect(ask('', ' applications delete team/web', readonly)).toBe(false);
    expect(ask('p, bob, applications, get, */*, allow', ' applications get team/web')).toBe(false);
  });

  it('take patterns as regular expressions where argocd-rbac-cm says so, and keep the built-in roles', () => {
    const regex = { matchMode: 'regex' as const };
    expect(
      ask('p, bob, applications, get|sync, ^team/(web|api)$, allow', 'bob applications sync team/api', regex),
    ).toBe(true);
    expect(
      ask('p, bob, applications, get|sync, ^team/(web|api)$, allow', 'bob applications sync team/apis', regex),
    ).toBe(false);
    expect(
      ask('p, bob, applications, get, \\Ateam/[[:alpha:]]+\\z, allow', 'bob applications get team/web', regex),
    ).toBe(true);
    expect(ask('p, bob, applications, get, ^(a+)+$, allow', `bob applications get ${'a'.repeat(5_000)}b`, regex)).toBe(
      false,
    );
    expect(ask('p, bob, applications, get, (, allow', 'bob applications get (', regex)).toBe(false);
    expect(ask('', 'admin applications get team/web', regex)).toBe(true);
  });
});

describe('roles of projects', () => {
  it.each<[string, boolean]>([
    ['proj:team:ci applications get team/web', true],
    ['proj:team:ci applications sync team/web', true],
    ['proj:team:ci applications sync team/api', false],
    ['proj:team:ci applications get other/web', false],
    ['proj:team:ci projects get team', true],
    ['proj:team:ci projects get other', false],
    ['proj:team:empty projects get team', true],
    ['proj:team:none projects get team', false],
    ['bob+builders applications get team/web', true],
    ['bob+builders applications get other/web', false],
    ['someone applications get team/web', false],
    ['someone applications delete team/web', false],
    ['proj:team:ci accounts get team/x', false],
  ])('%s is %s', (question, verdict) => {
    expect(ask('', question)).toBe(verdict);
  });
});
