import { describe, expect, it } from 'vitest';
import type { Document } from './documents.ts';
import type { GoodValues } from './parse/value-reader.ts';
import { readSnapshot } from './snapshot.ts';

type Data = Record<string, string>;

function read(parts: { cm?: Data; rbac?: Data; secret?: Data }, former: GoodValues = new Map()) {
  const document = (name: string, data: Data = {}): [string, Document] => [
    name,
    { name, data, labels: {}, annotations: {} },
  ];
  const configMaps = new Map([document('argocd-cm', parts.cm), document('argocd-rbac-cm', parts.rbac)]);
  const secrets = new Map([document('argocd-secret', parts.secret)]);
  return readSnapshot({ configMaps, secrets, typedSecrets: new Map() }, former);
}

describe('policies of argocd-rbac-cm', () => {
  it('come from policy.csv and every policy.<x>.csv, sorted', () => {
    const rbac = { 'policy.b.csv': 'g, b, role:b', 'policy.csv': 'g, main, role:x', 'policy.a.csv': 'g, a, role:a' };
    const { policy, defaultRole, matchMode, scopes } = read({ rbac }).access.rbac;
    expect(policy.links.map(({ member }) => member)).toEqual(['main', 'a', 'b']);
    expect({ defaultRole, matchMode, scopes }).toEqual({ defaultRole: '', matchMode: 'glob', scopes: ['groups'] });
  });

  it('with a bad line keep what they said before, and the problem names file and line', () => {
    const good = read({ rbac: { 'policy.csv': 'g, bob, role:admin' } });
    const bad = read({ rbac: { 'policy.csv': 'g, bob, role:admin\n\np, oops', 'policy.x.csv': 'g, a, b' } }, good.good);
    expect(bad.problems).toEqual([
      expect.objectContaining({ object: 'ConfigMap argocd-rbac-cm', key: 'policy.csv', line: 3 }),
    ]);
    expect(bad.access.rbac.policy.links.map(({ member }) => member)).toEqual(['bob', 'a']);
  });
});

describe('accounts', () => {
  it('are the administrator and those of argocd-cm, with what argocd-secret knows', () => {
    const { accounts } = read({
      cm: { 'accounts.bot': 'apiKey', 'accounts.bob': 'login, apiKey', 'accounts.bob.enabled': 'false' },
      secret: {
        'admin.password': '$2a',
        'accounts.bot.tokens': '[{"id":"x","iat":5},{"id":"y","iat":6,"exp":7}]',
        'accounts.bob.passwordMtime': '2026-01-01T00:00:00Z',
      },
    }).access;
    expect(accounts.map(({ name, enabled, capabilities }) => [name, enabled, ...capabilities])).toEqual([
      ['admin', true, 'login'],
      ['bob', false, 'login', 'apiKey'],
      ['bot', true, 'apiKey'],
    ]);
    expect(accounts[0]?.passwordHash).toBe('$2a');
    expect(accounts[1]?.passwordChangedAt).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(accounts[2]?.tokens).toEqual([
      { id: 'x', issuedAt: 5, expiresAt: 0 },
      { id: 'y', issuedAt: 6, expiresAt: 7 },
    ]);
  });

  it('keep their last good tokens, and no value shows in the problem', () => {
    const { problems } = read({ cm: { 'accounts.bot': 'apiKey' }, secret: { 'accounts.bot.tokens': 'hunter2' } });
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('include a disabled administrator', () => {
    expect(read({ cm: { 'admin.enabled': 'false' } }).access.accounts[0]).toMatchObject({ enabled: false });
  });
});
