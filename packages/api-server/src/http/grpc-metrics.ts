import { performance } from 'node:perf_hooks';
import { routes } from '@plumbline/protocol';
import type { Metrics } from '@plumbline/telemetry';
import type { RequestHandler } from 'express';

const services: Readonly<Record<string, string>> = {
  account: 'account.AccountService',
  applications: 'application.ApplicationService',
  certificates: 'certificate.CertificateService',
  clusters: 'cluster.ClusterService',
  gpgkeys: 'gpgkey.GPGKeyService',
  projects: 'project.ProjectService',
  repocreds: 'repocreds.RepoCredsService',
  repositories: 'repository.RepositoryService',
  session: 'session.SessionService',
  settings: 'cluster.SettingsService',
  version: 'version.VersionService',
  'write-repocreds': 'repocreds.RepoCredsService',
  'write-repositories': 'repository.RepositoryService',
};

/** Methods of Argo CD that are not just our name of the route without what it is about. */
const methods: Readonly<Record<string, string>> = {
  login: 'Create',
  logout: 'Delete',
  userInfo: 'GetUserInfo',
  version: 'Version',
  settings: 'Get',
  manifests: 'GetManifests',
  runResourceAction: 'RunResourceActionV2',
  runNamedResourceAction: 'RunResourceAction',
  applicationLogs: 'PodLogs',
  listEvents: 'ListResourceEvents',
  updateApplicationSpec: 'UpdateSpec',
  createRoleToken: 'CreateToken',
  deleteRoleToken: 'DeleteToken',
  watchApplications: 'Watch',
};

const subjects = /(Applications?|Projects?|Clusters?|Repositor(y|ies)|Certificates?|GpgKeys?|Accounts?)$/;
const plainVerbs = new Set(['list', 'get', 'create', 'update', 'patch', 'delete', 'sync', 'rollback']);

function methodOf(route: string): string {
  const known = methods[route];
  if (known) return known;
  const verb = route.replace(subjects, '');
  const name = plainVerbs.has(verb) ? verb : route;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What Argo CD's gateway would have called for a route; undefined for what is no call of its API. */
export function grpcNamesOf(route: string): Record<'grpc_service' | 'grpc_method' | 'grpc_type', string> | undefined {
  const entry = Object.entries(routes).find(([name]) => name === route)?.[1];
  const [first = '', second = ''] = (entry?.path ?? '').split('/').slice(entry?.path.startsWith('/api/v1/') ? 3 : 2);
  const service = services[first === 'stream' ? second : first];
  if (!entry || !service) return undefined;
  const type = 'stream' in entry && entry.stream ? 'server_stream' : 'unary';
  return { grpc_service: service, grpc_method: methodOf(route), grpc_type: type };
}

/** gRPC's words for HTTP's (reference §8.1). */
const codes: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
  408: 'Canceled',
  409: 'AlreadyExists',
  429: 'ResourceExhausted',
  500: 'Internal',
  501: 'Unimplemented',
  503: 'Unavailable',
  504: 'DeadlineExceeded',
};

/** Counts calls as Argo CD's gRPC server does, so that its dashboards go on (reference §13.2, `grpc_server_*`). */
export function measureCalls(metrics: Metrics): RequestHandler {
  const labels = ['grpc_service', 'grpc_method', 'grpc_type'];
  const started = metrics.counter({ name: 'grpc_server_started_total', help: 'Calls that began', labels });
  const handled = metrics.counter({
    name: 'grpc_server_handled_total',
    help: 'Calls that ended, by code',
    labels: [...labels, 'grpc_code'],
  });
  const seconds = metrics.histogram({
    name: 'grpc_server_handling_seconds',
    help: 'Duration of calls; streams are left out',
    labels,
  });
  const known = new Map<string, ReturnType<typeof grpcNamesOf>>();
  const namesOf = (route: string) => {
    if (!known.has(route)) known.set(route, grpcNamesOf(route));
    return known.get(route);
  };
  return (_request, response, next) => {
    const start = performance.now();
    response.once('close', () => {
      const route: unknown = response.locals['route'];
      const names = typeof route === 'string' ? namesOf(route) : undefined;
      if (!names) return;
      const { statusCode } = response;
      started.inc(names);
      handled.inc({ ...names, grpc_code: statusCode < 400 ? 'OK' : (codes[statusCode] ?? 'Unknown') });
      if (names.grpc_type === 'unary') seconds.observe(names, (performance.now() - start) / 1000);
    });
    next();
  };
}
