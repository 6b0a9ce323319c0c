import { z } from 'zod';
import { onAll } from '../access.ts';
import * as cluster from './clusters.ts';
import * as repo from './repositories.ts';
import * as trust from './trust.ts';

const empty = z.object({});
const declared = { own: 'declaredEntry' } as const;
const repositories = '/api/v1/repositories';
const oneRepository = `${repositories}/{repo}` as const;
const clusters = '/api/v1/clusters';
const oneCluster = `${clusters}/{id}` as const;

const allRepositories = <P extends string>(base: P, listed: string) => ({
  list: {
    method: 'GET' as const,
    path: base,
    access: { listed },
    query: repo.repositoryQuerySchema,
    response: repo.repositoryListSchema,
  },
  create: {
    method: 'POST' as const,
    path: base,
    access: declared,
    query: repo.repositoryCreateQuerySchema,
    body: repo.repositoryInputSchema,
    response: repo.repositorySchema,
  },
});

const eachRepository = <P extends string>(base: P) => ({
  get: {
    method: 'GET' as const,
    path: `${base}/{repo}` as const,
    access: declared,
    query: repo.repositoryQuerySchema,
    response: repo.repositorySchema,
  },
  update: {
    method: 'PUT' as const,
    path: `${base}/{repo}` as const,
    access: declared,
    body: repo.repositoryInputSchema,
    response: repo.repositorySchema,
  },
  remove: {
    method: 'DELETE' as const,
    path: `${base}/{repo}` as const,
    access: declared,
    query: repo.repositoryQuerySchema,
    response: empty,
  },
  validate: {
    method: 'POST' as const,
    path: `${base}/{repo}/validate` as const,
    access: declared,
    query: repo.repositoryInputSchema.omit({ repo: true }),
    body: repo.repositoryValidateSchema,
    response: empty,
  },
});

/** The routes of one kind of repository: for reading and rendering, or for pushing. */
const repositoryEntries = <P extends string>(base: P, listed: string) => ({
  ...allRepositories(base, listed),
  ...eachRepository(base),
});

const credsEntries = <P extends string>(base: P, listed: string) => ({
  list: {
    method: 'GET' as const,
    path: base,
    access: { listed },
    query: repo.repoCredsQuerySchema,
    response: repo.repoCredsListSchema,
  },
  create: {
    method: 'POST' as const,
    path: base,
    access: declared,
    query: repo.upsertQuerySchema,
    body: repo.repoCredsInputSchema,
    response: repo.repoCredsSchema,
  },
  update: {
    method: 'PUT' as const,
    path: `${base}/{url}` as const,
    access: declared,
    body: repo.repoCredsInputSchema,
    response: repo.repoCredsSchema,
  },
  remove: { method: 'DELETE' as const, path: `${base}/{url}` as const, access: declared, response: empty },
});

const read = repositoryEntries(repositories, 'repositories');
const write = repositoryEntries('/api/v1/write-repositories', 'write-repositories');
const creds = credsEntries('/api/v1/repocreds', 'repositories');
const writeCreds = credsEntries('/api/v1/write-repocreds', 'write-repositories');

/** Routes of what is declared in Secrets and ConfigMaps: repositories, credentials, clusters, trust (reference §8.2). */
export const declaredRoutes = {
  listRepositories: read.list,
  createRepository: read.create,
  getRepository: read.get,
  updateRepository: read.update,
  deleteRepository: read.remove,
  validateRepository: read.validate,
  listWriteRepositories: write.list,
  createWriteRepository: write.create,
  getWriteRepository: write.get,
  updateWriteRepository: write.update,
  deleteWriteRepository: write.remove,
  validateWriteRepository: write.validate,
  repositoryRefs: {
    method: 'GET',
    path: `${oneRepository}/refs`,
    access: declared,
    query: repo.repositoryQuerySchema,
    response: repo.repositoryRefsSchema,
  },
  repositoryTags: {
    method: 'GET',
    path: `${oneRepository}/oci-tags`,
    access: declared,
    query: repo.repositoryQuerySchema,
    response: repo.repositoryTagsSchema,
  },
  repositoryCharts: {
    method: 'GET',
    path: `${oneRepository}/helmcharts`,
    access: declared,
    query: repo.repositoryQuerySchema,
    response: repo.repositoryChartsSchema,
  },
  repositoryApps: {
    method: 'GET',
    path: `${oneRepository}/apps`,
    access: declared,
    query: repo.repositoryAppsQuerySchema,
    response: repo.repositoryAppsSchema,
  },
  listRepoCreds: creds.list,
  createRepoCreds: creds.create,
  updateRepoCreds: creds.update,
  deleteRepoCreds: creds.remove,
  listWriteRepoCreds: writeCreds.list,
  createWriteRepoCreds: writeCreds.create,
  updateWriteRepoCreds: writeCreds.update,
  deleteWriteRepoCreds: writeCreds.remove,
  listClusters: {
    method: 'GET',
    path: clusters,
    access: { listed: 'clusters' },
    query: cluster.clusterListQuerySchema,
    response: cluster.clusterListSchema,
  },
  createCluster: {
    method: 'POST',
    path: clusters,
    access: declared,
    query: repo.upsertQuerySchema,
    body: cluster.clusterInputSchema,
    response: cluster.clusterSchema,
  },
  getCluster: {
    method: 'GET',
    path: oneCluster,
    access: declared,
    query: cluster.clusterQuerySchema,
    response: cluster.clusterSchema,
  },
  updateCluster: {
    method: 'PUT',
    path: oneCluster,
    access: declared,
    query: cluster.clusterUpdateQuerySchema,
    body: cluster.clusterInputSchema,
    response: cluster.clusterSchema,
  },
  deleteCluster: {
    method: 'DELETE',
    path: oneCluster,
    access: declared,
    query: cluster.clusterQuerySchema,
    response: empty,
  },
  rotateClusterAuth: {
    method: 'POST',
    path: `${oneCluster}/rotate-auth`,
    access: declared,
    query: cluster.clusterQuerySchema,
    response: empty,
  },
  invalidateClusterCache: {
    method: 'POST',
    path: `${oneCluster}/invalidate-cache`,
    access: declared,
    query: cluster.clusterQuerySchema,
    response: cluster.clusterSchema,
  },
  listCertificates: {
    method: 'GET',
    path: '/api/v1/certificates',
    access: onAll('certificates', 'get'),
    query: trust.certificateQuerySchema,
    response: trust.certificateListSchema,
  },
  createCertificates: {
    method: 'POST',
    path: '/api/v1/certificates',
    access: { ...onAll('certificates', 'create'), also: 'upsert' },
    query: trust.certificateCreateQuerySchema,
    body: trust.certificateInputSchema,
    response: trust.certificateListSchema,
  },
  deleteCertificates: {
    method: 'DELETE',
    path: '/api/v1/certificates',
    access: onAll('certificates', 'delete'),
    query: trust.certificateQuerySchema,
    response: trust.certificateListSchema,
  },
  listGpgKeys: {
    method: 'GET',
    path: '/api/v1/gpgkeys',
    access: onAll('gpgkeys', 'get'),
    query: trust.gpgKeyQuerySchema,
    response: trust.gpgKeyListSchema,
  },
  createGpgKeys: {
    method: 'POST',
    path: '/api/v1/gpgkeys',
    access: { ...onAll('gpgkeys', 'create'), also: 'upsert' },
    query: trust.gpgKeyCreateQuerySchema,
    body: trust.gpgKeyInputSchema,
    response: trust.gpgKeysCreatedSchema,
  },
  deleteGpgKey: {
    method: 'DELETE',
    path: '/api/v1/gpgkeys',
    access: onAll('gpgkeys', 'delete'),
    query: trust.gpgKeyDeleteQuerySchema,
    response: empty,
  },
  getGpgKey: {
    method: 'GET',
    path: '/api/v1/gpgkeys/{keyID}',
    access: onAll('gpgkeys', 'get'),
    response: trust.gpgKeySchema,
  },
} as const;
