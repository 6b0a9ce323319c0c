import { actingUser } from '@plumbline/access';
import { type Application, type ApplicationDestination, type AppProject, defaultProject } from '@plumbline/apis';
import { connect, type KubeClient } from '@plumbline/cluster';
import { type AccessSettings, clusterAccess, type DestinationCluster } from '@plumbline/settings';
import type { Logger, Metrics } from '@plumbline/telemetry';
import { apiFailure } from '../http/api-failure.ts';

export interface ClusterClientsOptions {
  /** The control plane's own cluster. */
  control: KubeClient;
  resolveDestination(destination: ApplicationDestination): DestinationCluster;
  access(): AccessSettings;
  /** The project as it counts, with what global projects add to it. */
  projectOf(name: string): AppProject | undefined;
  logger: Logger;
  metrics: Metrics;
}

/** Connections to destination clusters, for what the API shows and changes of live objects. */
export interface ClusterClients {
  /**
   * The destination of an Application, with impersonation on as the service account that its project names (reference §9.2).
   * Throws `DESTINATION_INVALID`, FailedPrecondition where the project names no account, and what connecting throws.
   */
  of(app: Application): Promise<KubeClient>;
  close(): Promise<void>;
}

interface Opened {
  identity: string;
  client: Promise<KubeClient>;
}

/** Opens connections when they are asked for and keeps them until their Secret changes. */
export function createClusterClients(options: ClusterClientsOptions): ClusterClients {
  const { control, logger, metrics } = options;
  const opened = new Map<string, Opened>();
  const discard = ({ client }: Opened): Promise<void> =>
    client.then(
      (value) => value.close(),
      () => {},
    );
  const connected = async (cluster: DestinationCluster): Promise<KubeClient> => {
    const access = clusterAccess(cluster);
    if (!access) return control;
    const identity = JSON.stringify(access);
    const known = opened.get(cluster.server);
    if (known?.identity === identity) return known.client;
    if (known) void discard(known);
    const client = connect(access, { logger, metrics });
    const entry = { identity, client };
    opened.set(cluster.server, entry);
    client.catch(() => {
      if (opened.get(cluster.server) === entry) opened.delete(cluster.server);
    });
    return client;
  };
  return {
    async of(app) {
      const cluster = options.resolveDestination(app.spec.destination);
      const user = userFor(app, cluster, options);
      const client = await connected(cluster);
      return user ? client.impersonate(user) : client;
    },
    async close() {
      await Promise.all([...opened.values()].map(discard));
      opened.clear();
    },
  };
}

/** Who acts for the Application; undefined is the engine. */
function userFor(
  { metadata, spec }: Application,
  { server }: DestinationCluster,
  { access, projectOf }: ClusterClientsOptions,
): string | undefined {
  const { impersonation } = access();
  if (!impersonation.enabled) return undefined;
  const name = spec.project || defaultProject;
  const project = projectOf(name);
  if (!project) throw apiFailure('FailedPrecondition', `the project ${name} does not exist`);
  const query = {
    server,
    namespace: spec.destination.namespace ?? '',
    fallbackNamespace: metadata.namespace ?? '',
  };
  const acting = actingUser(project, query, impersonation);
  if (acting.kind === 'nobody') throw apiFailure('FailedPrecondition', `${acting.problem}: ${acting.hint}`);
  return acting.kind === 'user' ? acting.user : undefined;
}
