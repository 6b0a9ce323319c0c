import { z } from 'zod';
import { flag, list, text } from '../wire/query.ts';
import { connectionStateSchema } from './repositories.ts';

const secret = z.string().max(200_000).optional();
const name = z.string().max(4_096).optional();

/** How a cluster is reached (reference §10.5); byte fields are base64. */
export const clusterConfigSchema = z.object({
  username: name,
  password: secret,
  bearerToken: secret,
  tlsClientConfig: z
    .object({
      insecure: flag.optional(),
      serverName: name,
      caData: secret,
      certData: secret,
      keyData: secret,
    })
    .optional(),
  awsAuthConfig: z.object({ clusterName: name, roleARN: name, profile: name }).optional(),
  execProviderConfig: z
    .object({
      command: name,
      args: z.array(z.string()).optional(),
      env: z.record(z.string(), z.string()).optional(),
      apiVersion: name,
      installHint: name,
    })
    .optional(),
  disableCompression: flag.optional(),
  proxyUrl: name,
});
export type ClusterConfig = z.output<typeof clusterConfigSchema>;

const strings = z.record(z.string(), z.string());

/** A cluster as a client sends it. */
export const clusterInputSchema = z.object({
  server: z.string().max(4_096).default(''),
  name,
  config: clusterConfigSchema.optional(),
  namespaces: z.array(z.string()).optional(),
  clusterResources: flag.optional(),
  shard: z
    .union([
      z.number().int().nonnegative(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .nullish(),
  project: name,
  labels: strings.nullish(),
  annotations: strings.nullish(),
});
export type ClusterInput = z.output<typeof clusterInputSchema>;

/** What is known of a cluster that Applications go to. */
export const clusterInfoSchema = z.object({
  serverVersion: z.string(),
  applicationsCount: z.number(),
  connectionState: connectionStateSchema,
  cacheInfo: z.object({
    resourcesCount: z.number().optional(),
    apisCount: z.number().optional(),
    lastCacheSyncTime: z.string().optional(),
  }),
  apiVersions: z.array(z.string()).optional(),
});

/** A cluster without credentials. `connectionState` and `serverVersion` repeat `info`, as older clients read them. */
export const clusterSchema = z.object({
  server: z.string(),
  name: z.string(),
  config: z.object({
    tlsClientConfig: z.object({ insecure: z.boolean(), serverName: z.string().optional() }),
  }),
  connectionState: connectionStateSchema,
  serverVersion: z.string(),
  info: clusterInfoSchema,
  namespaces: z.array(z.string()).optional(),
  clusterResources: z.boolean().optional(),
  shard: z.number().optional(),
  project: z.string().optional(),
  labels: strings.optional(),
  annotations: strings.optional(),
});
export type Cluster = z.output<typeof clusterSchema>;

export const clusterListSchema = z.object({ metadata: z.object({}), items: z.array(clusterSchema) });

/** Whether `{id}` is the cluster's URL (default) or its name. */
const id = { 'id.type': z.enum(['name', 'server', 'name_escaped', 'url_escaped', '']).optional() };

export const clusterListQuerySchema = z.object({
  server: text.optional(),
  name: text.optional(),
  ...id,
  'id.value': text.optional(),
});
export const clusterQuerySchema = z.object(id);
export type ClusterQuery = z.output<typeof clusterQuerySchema>;

/** `updatedFields`: only these are taken over: name, namespaces, config, shard, clusterResources, labels, annotations, project. */
export const clusterUpdateQuerySchema = z.object({ ...id, updatedFields: list.optional() });
