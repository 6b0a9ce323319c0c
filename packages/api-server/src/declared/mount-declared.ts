import type { KubeClient } from '@plumbline/cluster';
import { type ClusterRecord, clusterInvalidateChannel, clusterRecordKey } from '@plumbline/protocol';
import type { Settings } from '@plumbline/settings';
import type { Store } from '@plumbline/store';
import type { Logger, Metrics } from '@plumbline/telemetry';
import type { ApplicationCache } from '../applications/application-cache.ts';
import type { Mount } from '../http/mount.ts';
import { createCertificates } from './certificates.ts';
import { mountClusters } from './cluster-routes.ts';
import { createClusters } from './clusters.ts';
import { createConnectionStates } from './connection-states.ts';
import { createGpgKeys } from './gpg-keys.ts';
import { createLabelledSecrets } from './labelled-secrets.ts';
import type { RepositoryQuestions } from './repository-questions.ts';
import { mountRepositories } from './repository-routes.ts';
import { mountTrust } from './trust-routes.ts';

/** What is read of the settings for declared things. */
export type DeclaredSettings = Pick<
  Settings,
  'candidateAccess' | 'repositoryAccess' | 'current' | 'api' | 'access' | 'problems' | 'onChange'
>;

export interface DeclaredParts {
  client: KubeClient;
  /** Of the control plane. */
  namespace: string;
  cache: ApplicationCache;
  questions: RepositoryQuestions;
  declared: DeclaredSettings;
  store: Pick<Store, 'queue' | 'sealed' | 'json' | 'pubsub'>;
  logger: Logger;
  metrics: Metrics;
  now: () => Date;
}

/** Routes of what Secrets and ConfigMaps declare: repositories, credentials, clusters, trust (reference §8.2). */
export function mountDeclared(mount: Mount, parts: DeclaredParts): void {
  const { declared, questions, now } = parts;
  const secrets = createLabelledSecrets(parts);
  const states = createConnectionStates(now);
  mountRepositories(mount, {
    secrets,
    questions,
    states,
    candidateAccess: (data, project) => declared.candidateAccess(data, project),
    repositoryAccess: (url, project) => declared.repositoryAccess(url, project),
  });
  const inClusterEnabled = () => declared.current().inClusterEnabled;
  const { json, pubsub } = parts.store;
  const clusters = createClusters({
    ...parts,
    secrets,
    states,
    inClusterEnabled,
    // Without Redis nothing is known; the clusters are asked then.
    record: (server) => json.get<ClusterRecord>(clusterRecordKey(server)).catch(() => undefined),
    invalidate: (server) => pubsub.publish(clusterInvalidateChannel, { server }),
  });
  mountClusters(mount, clusters);
  mountTrust(mount, { certificates: createCertificates(parts), gpgKeys: createGpgKeys(parts) });
}
