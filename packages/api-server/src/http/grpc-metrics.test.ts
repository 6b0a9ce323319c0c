import { expect, it } from 'vitest';
import { grpcNamesOf } from './grpc-metrics.ts';

it.each([
  ['listApplications', 'application.ApplicationService', 'List', 'unary'],
  ['getApplication', 'application.ApplicationService', 'Get', 'unary'],
  ['syncApplication', 'application.ApplicationService', 'Sync', 'unary'],
  ['managedResources', 'application.ApplicationService', 'ManagedResources', 'unary'],
  ['watchApplications', 'application.ApplicationService', 'Watch', 'server_stream'],
  ['watchResourceTree', 'application.ApplicationService', 'WatchResourceTree', 'server_stream'],
  ['createProject', 'project.ProjectService', 'Create', 'unary'],
  ['listClusters', 'cluster.ClusterService', 'List', 'unary'],
  ['login', 'session.SessionService', 'Create', 'unary'],
  ['version', 'version.VersionService', 'Version', 'unary'],
])('%s is %s/%s', (route, service, method, type) => {
  expect(grpcNamesOf(route)).toEqual({ grpc_service: service, grpc_method: method, grpc_type: type });
});

it('knows nothing of what is no call', () => {
  expect(grpcNamesOf('other')).toBeUndefined();
});
