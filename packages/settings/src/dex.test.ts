import { describe, expect, it } from 'vitest';
import type { Document } from './documents.ts';
import { readSnapshot } from './snapshot.ts';

function read(cm: Record<string, string>, params: Record<string, string> = {}) {
  const document = (name: string, data: Record<string, string>): [string, Document] => [
    name,
    { name, data, labels: {}, annotations: {} },
  ];
  return readSnapshot(
    {
      configMaps: new Map([document('argocd-cm', cm), document('argocd-cmd-params-cm', params)]),
      secrets: new Map([
        document('argocd-secret', { 'server.secretkey': 'key', 'dex.github.clientSecret': 'of argocd-secret\n' }),
        document('ldap', { bindPW: 'of ldap' }),
      ]),
      typedSecrets: new Map(),
    },
    new Map(),
  );
}

const url = 'https://cd.example';
const github = `connectors:
- type: github
  id: github
  name: GitHub
  config:
    clientID: abc
    clientSecret: $dex.github.clientSecret
- type: ldap
  id: ldap
  name: LDAP
  config: {bindPW: "$ldap:bindPW", host: "ldap.example:636"}
`;

describe('dex.config', () => {
  it('makes dex the identity provider, with Argo CD’s clients and its secrets filled in', () => {
    const { access, problems } = read({ url, 'dex.config': github }, { 'server.dex.server': 'dex:5556' });
    expect(problems).toEqual([]);
    expect(access.dex?.connectors).toEqual([
      { id: 'github', name: 'GitHub', type: 'github' },
      { id: 'ldap', name: 'LDAP', type: 'ldap' },
    ]);
    expect(access.dex?.address).toBe('https://dex:5556');
    expect(access.dex?.configuration).toMatchObject({
      issuer: `${url}/api/dex`,
      connectors: [
        { config: { clientSecret: 'of argocd-secret', redirectURI: `${url}/api/dex/callback` } },
        { config: { bindPW: 'of ldap', host: 'ldap.example:636' } },
      ],
      staticClients: [
        { id: 'argo-cd', redirectURIs: [`${url}/auth/callback`] },
        { id: 'argo-cd-cli', public: true },
      ],
    });
    expect(access.oidc).toMatchObject({
      issuer: `${url}/api/dex`,
      clientId: 'argo-cd',
      // base64url of SHA-256 of server.secretkey, 40 characters: as Argo CD derives it.
      clientSecret: 'LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gm',
      cliClientId: 'argo-cd-cli',
      route: { origin: 'https://dex:5556', verifyCertificate: false },
    });
  });

  it('gives way to oidc.config', () => {
    const oidc = 'issuer: https://id.example\nclientID: plumb\n';
    const { access } = read({ url, 'dex.config': github, 'oidc.config': oidc });
    expect([access.dex, access.oidc?.issuer]).toEqual([undefined, 'https://id.example']);
  });

  it.each([
    [{ 'dex.config': github }, 'without url'],
    [{ url, 'dex.config': 'connectors:\n- type: github\n' }, 'connectors'],
    [{ url, 'dex.config': 'connectors: [' }, 'unexpected end'],
    [{ url, 'dex.config': github.replace('$dex.github', '$dex.gitlab') }, '$dex.gitlab.clientSecret'],
  ])('with %j is told as a problem', (cm, words) => {
    expect(read(cm).problems).toEqual([
      expect.objectContaining({ key: 'dex.config', message: expect.stringContaining(words) }),
    ]);
  });

  it('takes the address as it is written, or by what server.dex.server.plaintext says', () => {
    const address = (params: Record<string, string>) => read({ url, 'dex.config': github }, params).access.dex?.address;
    expect(address({})).toBe('https://argocd-dex-server:5556');
    expect(address({ 'server.dex.server.plaintext': 'true' })).toBe('http://argocd-dex-server:5556');
    expect(address({ 'server.dex.server': 'http://127.0.0.1:5556/' })).toBe('http://127.0.0.1:5556');
  });
});
