import type { RouteName } from '@plumbline/protocol';

/** What is asked about: an Application's place, or a project that something is declared for. */
export interface Target {
  project: string;
  /** Of an Application; undefined is the control plane's. */
  namespace?: string;
  name: string;
}

/** `[resource, action, object]`; all must be allowed, and a list within stands for "one of". */
export type Need = readonly [resource: string, action: string, object: string];

/** How the model asks a route, so that whoever may use it changes nothing that others look at. */
export interface Probe {
  /** `anyone` needs no token, `callers` any token. */
  needs(target: Target): 'anyone' | 'callers' | readonly Need[];
  /** Which of the targets make sense. */
  about: 'applications' | 'projects' | 'once';
  params?(target: Target): Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

const objectOf = ({ project, namespace, name }: Target): string =>
  [project, ...(namespace ? [namespace] : []), name].join('/');

const named = ({ name }: Target): Record<string, string> => ({ name });

/** A route of the Application in the path. */
const application = (actions: string[], more: Partial<Probe> & { beside?: [string, string] } = {}): Probe => ({
  about: 'applications',
  params: named,
  ...more,
  needs: (target) => [
    ...actions.map((action): Need => ['applications', action, objectOf(target)]),
    ...(more.beside ? ([[...more.beside, objectOf(target)]] as Need[]) : []),
  ],
});

/** An Application that is not there and could not be rendered, to be made in the project. */
const candidate = {
  metadata: { name: 'candidate' },
  spec: {
    source: { repoURL: 'https://git.example/r', path: 'nowhere' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'n' },
  },
};

const live = { version: 'v1', kind: 'ConfigMap', namespace: 'n', resourceName: 'absent' };

/** A route of something declared for the project, which is not there. */
const scoped = (resource: string, action: string, url: string, more: Partial<Probe> = {}): Probe => ({
  about: 'projects',
  params: () => ({ repo: url, url, id: url }),
  ...more,
  needs: ({ project }) => [[resource, action, project ? `${project}/${url}` : url]],
});

/** A route of something that belongs to no project. */
const single = (need: Need, more: Partial<Probe> = {}): Probe => ({ about: 'once', ...more, needs: () => [need] });

const open = (who: 'anyone' | 'callers', more: Partial<Probe> = {}): Probe => ({
  about: 'once',
  ...more,
  needs: () => who,
});

const project = (action: string, more: Partial<Probe> = {}): Probe => ({
  about: 'projects',
  params: ({ project: name }) => ({ name }),
  ...more,
  needs: ({ project: name }) => [['projects', action, name]],
});

const repo = 'https://git.example/absent';
const cluster = 'https://127.0.0.1:1';

const repositories = (resource: string) => ({
  list: open('callers'),
  create: scoped(resource, 'create', repo, { body: { repo } }),
  get: scoped(resource, 'get', repo),
  update: scoped(resource, 'update', repo, { body: { repo } }),
  remove: scoped(resource, 'delete', repo),
  validate: scoped(resource, 'create', repo, { body: {} }),
});
const read = repositories('repositories');
const write = repositories('write-repositories');

const templates = (resource: string) => ({
  list: open('callers'),
  create: single([resource, 'create', repo], { body: { url: repo } }),
  update: single([resource, 'update', `${repo}-2`], { params: () => ({ url: `${repo}-2` }), body: {} }),
  remove: single([resource, 'delete', `${repo}-2`], { params: () => ({ url: `${repo}-2` }) }),
});
const creds = templates('repositories');
const writeCreds = templates('write-repositories');

const roleToken = (more: Partial<Probe>) =>
  project('update', { params: ({ project: name }) => ({ name, role: 'none', iat: '1' }), ...more });

/** Every route, written down from reference §8 and §9 and not from the route table. */
export const model: Record<RouteName, Probe> = {
  login: open('anyone', { body: { username: 'nobody', password: 'x' } }),
  logout: open('anyone'),
  userInfo: open('anyone'),
  version: open('anyone'),
  settings: open('anyone'),
  settingsProblems: single(['accounts', 'update', '*']),
  listApplications: open('callers'),
  watchApplications: open('callers'),
  createApplication: { ...application(['create']), body: candidate, about: 'applications' },
  getApplication: application(['get']),
  updateApplication: application(['update'], { body: candidate }),
  updateApplicationSpec: application(['update'], { body: candidate.spec }),
  patchApplication: application(['get', 'update'], { body: { patch: '{', patchType: 'merge' } }),
  deleteApplication: application(['get', 'delete'], { query: { propagationPolicy: 'bogus' } }),
  syncApplication: application(['get', 'sync'], { body: { manifests: [] } }),
  rollbackApplication: application(['get', 'sync'], { body: { id: 99 } }),
  terminateOperation: application(['sync']),
  planApplication: application(['get'], { body: {} }),
  runningPlan: application(['get']),
  approveDeletions: application(['get', 'sync', 'delete'], { body: { digest: '0123456789abcdef' } }),
  releaseRevisions: application(['get', 'sync']),
  objectHistory: application(['get'], { query: { kind: 'ConfigMap', resourceName: 'x' } }),
  applicationSyncWindows: application(['get']),
  resourceTree: application(['get']),
  watchResourceTree: application(['get']),
  managedResources: application(['get']),
  serverSideDiff: application(['get'], { body: {} }),
  serverSideDiffOfQuery: application(['get']),
  manifests: application(['get']),
  getResource: application(['get'], { query: live }),
  patchResource: application(['update//ConfigMap/n/absent'], { query: live, body: {} }),
  deleteResource: application(['delete//ConfigMap/n/absent'], { query: live }),
  listResourceActions: application(['get'], { query: live }),
  runNamedResourceAction: application(['action//ConfigMap/restart'], { query: live, body: 'restart' }),
  runResourceAction: application(['action//ConfigMap/restart'], { body: { ...live, action: 'restart' } }),
  listEvents: application(['get']),
  manifestsWithFiles: application(['get'], { body: {} }),
  revisionMetadata: application(['get'], { params: ({ name }) => ({ name, revision: 'main' }) }),
  chartDetails: application(['get'], { params: ({ name }) => ({ name, revision: '1' }) }),
  ociMetadata: application(['get'], { params: ({ name }) => ({ name, revision: '1' }) }),
  applicationLinks: application(['get']),
  resourceLinks: application(['get'], { query: live }),
  applicationLogs: application(['get'], { beside: ['logs', 'get'] }),
  podLogs: application(['get'], { beside: ['logs', 'get'], params: ({ name }) => ({ name, podName: 'absent' }) }),
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
  repositoryRefs: scoped('repositories', 'get', repo),
  repositoryTags: scoped('repositories', 'get', repo),
  repositoryCharts: scoped('repositories', 'get', repo),
  repositoryApps: single(['repositories', 'get', repo], { params: () => ({ repo }) }),
  sourceDetails: {
    about: 'applications',
    params: () => ({ repo: candidate.spec.source.repoURL }),
    body: { source: candidate.spec.source, appName: 'candidate' },
    needs: ({ project: name }) => [
      ['applications', 'get', `${name}/candidate`],
      ['applications', 'create', `${name}/candidate`],
    ],
  },
  listRepoCreds: creds.list,
  createRepoCreds: creds.create,
  updateRepoCreds: creds.update,
  deleteRepoCreds: creds.remove,
  listWriteRepoCreds: writeCreds.list,
  createWriteRepoCreds: writeCreds.create,
  updateWriteRepoCreds: writeCreds.update,
  deleteWriteRepoCreds: writeCreds.remove,
  listClusters: open('callers'),
  createCluster: scoped('clusters', 'create', cluster, { body: { server: cluster } }),
  getCluster: single(['clusters', 'get', cluster], { params: () => ({ id: cluster }) }),
  updateCluster: single(['clusters', 'update', cluster], { params: () => ({ id: cluster }), body: {} }),
  deleteCluster: single(['clusters', 'delete', cluster], { params: () => ({ id: cluster }) }),
  rotateClusterAuth: single(['clusters', 'update', cluster], { params: () => ({ id: cluster }) }),
  invalidateClusterCache: single(['clusters', 'update', cluster], { params: () => ({ id: cluster }) }),
  listCertificates: single(['certificates', 'get', '']),
  createCertificates: single(['certificates', 'create', ''], { body: { items: [] } }),
  deleteCertificates: single(['certificates', 'delete', '']),
  listGpgKeys: single(['gpgkeys', 'get', '']),
  createGpgKeys: single(['gpgkeys', 'create', ''], { body: { keyData: 'none' } }),
  deleteGpgKey: single(['gpgkeys', 'delete', ''], { query: { keyID: 'absent' } }),
  getGpgKey: single(['gpgkeys', 'get', ''], { params: () => ({ keyID: '0000000000000000' }) }),
  settingsPlugins: open('callers'),
  notificationTriggers: open('callers'),
  notificationServices: open('callers'),
  notificationTemplates: open('callers'),
  listProjects: open('callers'),
  createProject: project('create'),
  getProject: project('get'),
  detailedProject: project('get'),
  globalProjects: project('get'),
  projectEvents: project('get'),
  projectSyncWindows: project('get'),
  projectLinks: project('get'),
  updateProject: project('update', {
    body: { project: { metadata: { name: 'x' }, spec: { roles: [{ name: 'a b' }] } } },
  }),
  deleteProject: project('delete'),
  createRoleToken: roleToken({ body: {} }),
  deleteRoleToken: roleToken({}),
  listAccounts: open('callers'),
  getAccount: single(['accounts', 'get', 'ghost'], { params: () => ({ name: 'ghost' }) }),
  createAccountToken: single(['accounts', 'update', 'ghost'], { params: () => ({ name: 'ghost' }), body: {} }),
  deleteAccountToken: single(['accounts', 'update', 'ghost'], { params: () => ({ name: 'ghost', id: 'x' }) }),
  changePassword: single(['accounts', 'update', 'ghost'], { body: { name: 'ghost', newPassword: 'x' } }),
  canI: open('callers', { params: () => ({ resource: 'projects', action: 'get', subresource: 'red' }) }),
};
