import { errorMessage } from '@plumbline/errors';
import { z } from 'zod';
import type { Document } from '../documents.ts';
import type { OidcSettings } from '../types.ts';
import { checkedYaml } from './checked-yaml.ts';
import { resolveReference } from './references.ts';
import type { ValueReader } from './value-reader.ts';
import { parseFlag, parseTime } from './values.ts';

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const config = z
  .looseObject({
    name: z.string().default('SSO'),
    issuer: z.url(),
    clientID: z.string().min(1),
    clientSecret: z.string().nullish(),
    cliClientID: z.string().nullish(),
    requestedScopes: texts,
    requestedIDTokenClaims: z.record(z.string(), z.unknown()).nullish(),
    logoutURL: z.string().nullish(),
    enablePKCEAuthentication: z.boolean().nullish(),
    allowedAudiences: texts,
    rootCA: z.string().nullish(),
    enableUserInfoGroups: z.boolean().nullish(),
    userInfoPath: z.string().nullish(),
    userInfoCacheExpiration: z.string().nullish(),
    refreshTokenThreshold: z.union([z.string(), z.number()]).nullish(),
  })
  .nullable();

function cacheMs(text: string | null | undefined): number {
  try {
    return text ? parseTime(text) : 0;
  } catch {
    return 0;
  }
}

/** Of `refreshTokenThreshold`; one that is no duration is told, and switches nothing on. */
function thresholdMs(cm: ValueReader, value: string | number | null | undefined): number {
  try {
    return value ? parseTime(String(value)) : 0;
  } catch (error) {
    cm.report('oidc.config', `refreshTokenThreshold: ${errorMessage(error)}`);
    return 0;
  }
}

const defaultScopes = ['openid', 'profile', 'email', 'groups'];

/** `oidc.config` of argocd-cm (reference §10.1); undefined where there is none. */
export function readOidc(cm: ValueReader, secrets: ReadonlyMap<string, Document>): OidcSettings | undefined {
  const found = cm.read<z.infer<typeof config>>('oidc.config', null, (text) => checkedYaml(config, text));
  if (!found) return undefined;
  const resolved = (text: string | null | undefined) =>
    text ? resolveReference(text, secrets) || undefined : undefined;
  const secret = resolved(found.clientSecret);
  if (found.clientSecret && !secret)
    cm.report('oidc.config', 'clientSecret: the Secret that it refers to has no such key');
  return {
    name: found.name,
    issuer: found.issuer,
    clientId: resolved(found.clientID) ?? '',
    clientSecret: secret,
    cliClientId: resolved(found.cliClientID),
    scopes: found.requestedScopes.length > 0 ? found.requestedScopes : defaultScopes,
    idTokenClaims: found.requestedIDTokenClaims ?? undefined,
    logoutUrl: found.logoutURL ?? undefined,
    pkce: found.enablePKCEAuthentication ?? false,
    allowedAudiences: found.allowedAudiences,
    userInfo: found.enableUserInfoGroups
      ? { path: found.userInfoPath || undefined, cacheMs: cacheMs(found.userInfoCacheExpiration) }
      : undefined,
    refreshThresholdMs: thresholdMs(cm, found.refreshTokenThreshold),
    route: {
      origin: undefined,
      certificateAuthority: resolved(found.rootCA),
      verifyCertificate: !cm.read('oidc.tls.insecure.skip.verify', false, parseFlag),
    },
    connectorId: undefined,
  };
}
