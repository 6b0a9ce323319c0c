import { z } from 'zod';
import { flag, text } from '../wire/query.ts';

/** A whole number; clients of 64-bit fields send texts. */
const whole = z.union([
  z.number().int().nonnegative(),
  z
    .string()
    .regex(/^\d{0,15}$/, 'expected a whole number')
    .transform(Number),
]);

const field = z.string().max(100_000).optional();
const mark = flag.optional();

/** Credentials, and how a server is reached with them (reference §10.5). Never in an answer. */
const secretFields = {
  password: field,
  bearerToken: field,
  sshPrivateKey: field,
  tlsClientCertData: field,
  tlsClientCertKey: field,
  githubAppPrivateKey: field,
  gcpServiceAccountKey: field,
  azureServicePrincipalClientSecret: field,
};

const commonFields = {
  type: z.enum(['git', 'helm', 'oci', '']).optional(),
  username: field,
  enableOCI: mark,
  insecureOCIForceHttp: mark,
  githubAppID: whole.optional(),
  githubAppInstallationID: whole.optional(),
  githubAppEnterpriseBaseUrl: field,
  proxy: field,
  noProxy: field,
  forceHttpBasicAuth: mark,
  useAzureWorkloadIdentity: mark,
  azureServicePrincipalTenantId: field,
  azureServicePrincipalClientId: field,
  azureActiveDirectoryEndpoint: field,
};

const repositoryFields = {
  name: field,
  project: field,
  insecure: mark,
  insecureIgnoreHostKey: mark,
  enableLfs: mark,
  depth: whole.optional(),
  webhookManifestCacheWarmDisabled: mark,
};

/** A repository as a client sends it. */
export const repositoryInputSchema = z.object({
  repo: z.string().max(4_096).default(''),
  ...commonFields,
  ...repositoryFields,
  ...secretFields,
});
export type RepositoryInput = z.output<typeof repositoryInputSchema>;

/** Argo CD's clients send the URL as a text and credentials in the query; better is to send those here. */
export const repositoryValidateSchema = z.union([z.string(), repositoryInputSchema.omit({ repo: true })]);

/** Credentials for all repositories below a URL, as a client sends them. */
export const repoCredsInputSchema = z.object({
  url: z.string().max(4_096).default(''),
  ...commonFields,
  ...secretFields,
});
export type RepoCredsInput = z.output<typeof repoCredsInputSchema>;

/** Whether the last attempt to read something worked. */
export const connectionStateSchema = z.object({
  status: z.enum(['Successful', 'Failed', 'Unknown']),
  message: z.string(),
  /** When that was found out: RFC 3339. */
  attemptedAt: z.string().optional(),
});
export type ConnectionState = z.output<typeof connectionStateSchema>;

/** A repository without credentials. */
export const repositorySchema = z.object({
  repo: z.string(),
  ...commonFields,
  ...repositoryFields,
  /** Its credentials are those of a template. */
  inheritedCreds: z.boolean().optional(),
  connectionState: connectionStateSchema.optional(),
});
export type Repository = z.output<typeof repositorySchema>;

export const repoCredsSchema = z.object({ url: z.string(), ...commonFields });
export type RepoCreds = z.output<typeof repoCredsSchema>;

export const repositoryListSchema = z.object({ metadata: z.object({}), items: z.array(repositorySchema) });
export const repoCredsListSchema = z.object({ metadata: z.object({}), items: z.array(repoCredsSchema) });

/** Which of the repositories with one URL, where several projects have their own; `forceRefresh` tries the connection again. */
export const repositoryQuerySchema = z.object({
  repo: text.optional(),
  appProject: text.optional(),
  forceRefresh: flag.default(false),
});
export type RepositoryQuery = z.output<typeof repositoryQuerySchema>;

/** `credsOnly`: the connection is not tried. */
export const repositoryCreateQuerySchema = z.object({ upsert: flag.default(false), credsOnly: flag.default(false) });

export const repoCredsQuerySchema = z.object({ url: text.optional() });
export const upsertQuerySchema = z.object({ upsert: flag.default(false) });

export const repositoryAppsQuerySchema = z.object({
  revision: text.optional(),
  appName: text.optional(),
  appProject: text.optional(),
});

export const repositoryRefsSchema = z.object({ branches: z.array(z.string()), tags: z.array(z.string()) });
export const repositoryChartsSchema = z.object({
  items: z.array(z.object({ name: z.string(), versions: z.array(z.string()) })),
});
export const repositoryTagsSchema = z.object({ tags: z.array(z.string()) });
export const repositoryAppsSchema = z.object({
  items: z.array(z.object({ type: z.string(), path: z.string() })),
});
