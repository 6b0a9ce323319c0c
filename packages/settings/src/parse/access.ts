import {
  type GlobalProjectRule,
  joinPolicies,
  type MatchMode,
  type Policy,
  PolicyError,
  parsePolicy,
} from '@plumbline/access';
import { PlumblineError } from '@plumbline/errors';
import { z } from 'zod';
import type { Document } from '../documents.ts';
import type { AccessSettings, LocalAccount, RbacSettings } from '../types.ts';
import { readAccounts } from './accounts.ts';
import { checkedYaml } from './checked-yaml.ts';
import { dexProvider, readDex } from './dex.ts';
import { readOidc } from './oidc.ts';
import type { ValueReader } from './value-reader.ts';
import { invalid, parseFlag, parseList, parseTime, parseWord } from './values.ts';

const adminName = 'admin';
const mainPolicy = 'policy.csv';
const morePolicies = /^policy\..+\.csv$/;

function policyOf(text: string): Policy {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PlumblineError('SETTINGS_INVALID', error.message, { details: { line: error.line ?? 0 } });
  }
}

/** `policy.csv` and every `policy.<x>.csv` (reference §10.2); a file with a bad line keeps what it said before. */
function readRbac(cm: ValueReader): RbacSettings {
  const files = [mainPolicy, ...cm.keys().filter((key) => key !== mainPolicy && morePolicies.test(key))];
  const none: Policy = { lines: [], links: [] };
  return {
    policy: joinPolicies(files.map((key) => cm.read<Policy>(key, none, policyOf))),
    defaultRole: cm.read('policy.default', '', (text) => text.trim()),
    matchMode: cm.read<MatchMode>('policy.matchMode', 'glob', parseWord(['glob', 'regex'])),
    scopes: cm.read<string[]>('scopes', ['groups'], (text) => checkedYaml(z.array(z.string()), text)),
  };
}

const tokens = z.array(
  z.looseObject({ id: z.string(), iat: z.number(), exp: z.number().optional() }).transform(({ id, iat, exp = 0 }) => ({
    id,
    issuedAt: iat,
    expiresAt: exp,
  })),
);

function parseTokens(text: string): LocalAccount['tokens'] {
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('expected a JSON list; it does not parse'); // The parser's words would quote the value.
  }
  return tokens.parse(value ?? []);
}

function parseTimestamp(text: string): Date | undefined {
  if (text.trim() === '') return undefined;
  const date = new Date(text.trim());
  if (Number.isNaN(date.getTime())) throw invalid('expected a time as RFC 3339');
  return date;
}

/** The keys of argocd-secret that belong to an account begin with this. */
export function accountKeyPrefix(name: string): string {
  return name === adminName ? adminName : `accounts.${name}`;
}

function localAccounts(cm: ValueReader, secret: ValueReader): LocalAccount[] {
  const declared = readAccounts(cm);
  const admin = {
    enabled: declared.find(({ name }) => name === adminName)?.enabled ?? true,
    capabilities: declared.find(({ name }) => name === adminName)?.capabilities ?? (['login'] as const),
    name: adminName,
  };
  const adminEnabled = cm.read('admin.enabled', true, parseFlag);
  return [
    { ...admin, enabled: admin.enabled && adminEnabled },
    ...declared.filter(({ name }) => name !== adminName),
  ].map((account) => {
    const prefix = accountKeyPrefix(account.name);
    return {
      ...account,
      passwordHash: secret.read(`${prefix}.password`, '', (text) => text) || undefined,
      passwordChangedAt: secret.read<Date | undefined>(`${prefix}.passwordMtime`, undefined, parseTimestamp),
      tokens: secret.read<LocalAccount['tokens']>(`${prefix}.tokens`, [], parseTokens),
    };
  });
}

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw invalid('expected a regular expression');
  }
}

const globalProjects = z
  .array(
    z.looseObject({
      projectName: z.string().min(1),
      labelSelector: z
        .looseObject({
          matchLabels: z.record(z.string(), z.string()).optional(),
          matchExpressions: z
            .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
            .optional(),
        })
        .nullish()
        .transform((selector) => selector ?? {}),
    }),
  )
  .nullish()
  .transform((rules) => rules ?? []);

/** Who there is and what they may (reference §8.5, §9.1, §10.1, §10.2). */
export function readAccess(readers: {
  cm: ValueReader;
  rbacCm: ValueReader;
  params: ValueReader;
  secret: ValueReader;
  /** Secrets of the control plane, for references. */
  secrets: ReadonlyMap<string, Document>;
  /** External address of the API server. */
  url: string | undefined;
  secretKey: string | undefined;
}): AccessSettings {
  const { cm, rbacCm, params, secret, url, secretKey } = readers;
  const oidc = readOidc(cm, readers.secrets);
  const dex = oidc ? undefined : readDex(readers);
  return {
    accounts: localAccounts(cm, secret),
    rbac: readRbac(rbacCm),
    oidc: oidc ?? (dex && url && secretKey ? dexProvider(dex, { url, secretKey }) : undefined),
    dex,
    anonymousEnabled: cm.read('users.anonymous.enabled', false, parseFlag),
    sessionMs: cm.read('users.session.duration', 24 * 3_600_000, parseTime),
    passwordPattern: cm.read('passwordPattern', /^.{8,32}$/, parsePattern),
    rollbackNeedsOwnRight: cm.read('server.rbac.rollback.enforce.enable', false, parseFlag),
    // Positive here: whether `update` and `delete` of an Application include its objects.
    objectsInherit: !cm.read('server.rbac.disableApplicationFineGrainedRBACInheritance', true, parseFlag),
    globalProjects: cm.read<readonly GlobalProjectRule[]>('globalProjects', [], (text) =>
      checkedYaml(globalProjects, text),
    ),
    applicationNamespaces: params.read<string[]>('application.namespaces', [], parseList),
    impersonation: {
      enabled: cm.read('application.sync.impersonation.enabled', false, parseFlag),
      enforced: cm.read('application.sync.impersonation.enforced', true, parseFlag),
    },
    revisionNeedsOverride: cm.read('application.sync.requireOverridePrivilegeForRevisionSync', false, parseFlag),
  };
}
