import { z } from 'zod';
import type { Document } from '../documents.ts';
import type { OidcSettings } from '../types.ts';
import { checkedYaml } from './checked-yaml.ts';
import type { ValueReader } from './value-reader.ts';

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
  })
  .nullable();

const defaultScopes = ['openid', 'profile', 'email', 'groups'];

/** `$key` of argocd-secret, `$name:key` of another Secret that is part of the control plane; other texts are themselves. */
export function resolveReference(text: string, secrets: ReadonlyMap<string, Document>): string {
  if (!text.startsWith('$')) return text;
  const [first = '', ...rest] = text.slice(1).split(':');
  const [secret, key] = rest.length === 0 ? ['argocd-secret', first] : [first, rest.join(':')];
  return secrets.get(secret)?.data[key]?.trim() ?? '';
}

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
  };
}
