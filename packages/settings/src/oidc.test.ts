import { describe, expect, it } from 'vitest';
import type { Document } from './documents.ts';
import { readSnapshot } from './snapshot.ts';

function read(config: string, secrets: Record<string, Record<string, string>> = {}) {
  const document = (name: string, data: Record<string, string>): [string, Document] => [
    name,
    { name, data, labels: {}, annotations: {} },
  ];
  return readSnapshot(
    {
      configMaps: new Map([document('argocd-cm', { 'oidc.config': config })]),
      secrets: new Map(Object.entries(secrets).map(([name, data]) => document(name, data))),
      typedSecrets: new Map(),
    },
    new Map(),
  );
}

const base = 'issuer: https://id.example\nclientID: plumb\n';

describe('oidc.config', () => {
  it.each([
    ['plain', 'plain'],
    ['$oidc.secret', 'of argocd-secret'],
    ['$sso:key', 'of another'],
  ])('takes the client secret %s', (text, secret) => {
    const secrets = { 'argocd-secret': { 'oidc.secret': 'of argocd-secret\n' }, sso: { key: 'of another' } };
    const { access, problems } = read(`${base}clientSecret: ${text}`, secrets);
    expect(problems).toEqual([]);
    expect(access.oidc).toMatchObject({ clientId: 'plumb', clientSecret: secret });
    expect(access.oidc?.scopes).toEqual(['openid', 'profile', 'email', 'groups']);
  });

  it.each([
    ['issuer: no-url\nclientID: x', 'issuer'],
    ['issuer: https://x', 'clientID'],
    [`${base}clientSecret: $missing`, 'clientSecret'],
    [`${base}refreshTokenThreshold: soon`, 'refreshTokenThreshold: expected a duration'],
    [`${base}refreshTokenThreshold: -5m`, 'refreshTokenThreshold: expected a duration'],
  ])('with %j is told as a problem of its key', (text, word) => {
    const { problems } = read(text);
    expect(problems).toEqual([expect.objectContaining({ key: 'oidc.config', message: expect.stringContaining(word) })]);
  });

  it.each([
    ['', 0],
    ['refreshTokenThreshold: ""', 0],
    ['refreshTokenThreshold: 5m', 300_000],
    ['refreshTokenThreshold: 1h30m', 5_400_000],
    ['refreshTokenThreshold: 90', 90_000],
  ])('with %j renews sessions that have less than %d ms left', (line, milliseconds) => {
    const { access, problems } = read(base + line);
    expect(problems).toEqual([]);
    expect(access.oidc?.refreshThresholdMs).toBe(milliseconds);
  });
});
