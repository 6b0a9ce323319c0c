import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DexSettings } from '../dex-settings.ts';
import type { Document } from '../documents.ts';
import type { OidcSettings } from '../types.ts';
import { checkedYaml } from './checked-yaml.ts';
import { resolveReferences } from './references.ts';
import type { ValueReader } from './value-reader.ts';
import { parseFlag } from './values.ts';

const config = z
  .looseObject({
    connectors: z
      .array(
        z.looseObject({
          id: z.string().min(1),
          name: z.string().min(1),
          type: z.string().min(1),
          config: z.looseObject({}).nullish(),
        }),
      )
      .nullish()
      .transform((list) => list ?? []),
    staticClients: z
      .array(z.looseObject({}))
      .nullish()
      .transform((list) => list ?? []),
  })
  .nullable();

/** Argo CD's clients of dex. */
const serverClient = 'argo-cd';
const cliClient = 'argo-cd-cli';
const scopes = ['openid', 'profile', 'email', 'groups', 'federated:id'];
const mountPath = '/api/dex';

/** The secret that the API server and dex share: made of `server.secretkey`, as Argo CD makes it. */
function clientSecret(secretKey: string): string {
  return createHash('sha256').update(secretKey).digest('base64').replaceAll('+', '-').replaceAll('/', '_').slice(0, 40);
}

/** Types of connectors that come back to dex over a redirect. */
const withoutRedirect = new Set(['ldap', 'authproxy']);

interface DexSources {
  cm: ValueReader;
  params: ValueReader;
  secrets: ReadonlyMap<string, Document>;
  /** External address of the API server, without a trailing slash. */
  url: string | undefined;
  secretKey: string | undefined;
}

function addressOf(params: ValueReader): string {
  const text = params.read('server.dex.server', 'argocd-dex-server:5556', (value) => value.trim());
  const plain = params.read('server.dex.server.plaintext', false, parseFlag);
  return (text.includes('://') ? text : `${plain ? 'http' : 'https'}://${text}`).replace(/\/+$/, '');
}

function configurationOf(
  found: NonNullable<z.infer<typeof config>>,
  { url, secretKey }: { url: string; secretKey: string },
): Record<string, unknown> {
  const connectors = found.connectors.map(({ config: own, ...connector }) => ({
    ...connector,
    config: withoutRedirect.has(connector.type) ? (own ?? {}) : { redirectURI: `${url}${mountPath}/callback`, ...own },
  }));
  const secret = clientSecret(secretKey);
  const callback = `${url}/auth/callback`;
  const ours = [
    { id: serverClient, name: 'Argo CD', secret, redirectURIs: [callback] },
    {
      id: cliClient,
      name: 'Argo CD CLI',
      public: true,
      redirectURIs: ['http://localhost', 'http://localhost:8085/auth/callback'],
    },
  ];
  return {
    storage: { type: 'memory' },
    web: { http: '127.0.0.1:5556' },
    ...found,
    issuer: `${url}${mountPath}`,
    oauth2: { skipApprovalScreen: true, ...(found['oauth2'] as object | undefined) },
    connectors,
    staticClients: [...ours, ...found.staticClients],
  };
}

/** `dex.config` of argocd-cm; undefined where there is none, or where it lacks `url` to be reached by. */
export function readDex({ cm, params, secrets, url, secretKey }: DexSources): DexSettings | undefined {
  const read = cm.read<z.infer<typeof config>>('dex.config', null, (text) => checkedYaml(config, text));
  if (!read) return undefined;
  if (!url || !secretKey) {
    cm.report('dex.config', 'has no effect without url, the external address of the API server');
    return undefined;
  }
  const missing: string[] = [];
  const found = resolveReferences(read, secrets, missing);
  for (const reference of missing)
    cm.report('dex.config', `there is no Secret with the key that ${reference} refers to`);
  return {
    connectors: found.connectors.map(({ id, name, type }) => ({ id, name, type })),
    address: addressOf(params),
    verifyCertificate: params.read('server.dex.server.strict.tls', false, parseFlag),
    connectorId: cm.read('dex.auth.connectorId', '', (text) => text.trim()) || undefined,
    configuration: configurationOf(found, { url, secretKey }),
  };
}

/** dex as an identity provider: what it is to our clients. */
export function dexProvider(dex: DexSettings, { url, secretKey }: { url: string; secretKey: string }): OidcSettings {
  return {
    name: 'Dex',
    issuer: `${url}${mountPath}`,
    clientId: serverClient,
    clientSecret: clientSecret(secretKey),
    cliClientId: cliClient,
    scopes,
    idTokenClaims: undefined,
    logoutUrl: undefined,
    pkce: false,
    allowedAudiences: [],
    userInfo: undefined,
    refreshThresholdMs: 0,
    route: {
      origin: dex.address,
      certificateAuthority: undefined,
      verifyCertificate: dex.verifyCertificate,
    },
    connectorId: dex.connectorId,
  };
}
