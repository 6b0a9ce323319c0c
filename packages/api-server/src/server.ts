import type { KubeClient } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import { type ActionRule, createActions } from '@plumbline/health';
import type { ServerSettings, VersionInfo } from '@plumbline/protocol';
import { shareApplicationWatch, type WatchApplications } from '@plumbline/settings';
import type { Store } from '@plumbline/store';
import { type Logger, type Metrics, noTracing, type Tracing } from '@plumbline/telemetry';
import express, { type Express } from 'express';
import { type AccessControl, createAccessControl } from './access/access-control.ts';
import { createGate } from './access/gate.ts';
import { mountAccess } from './access/mount-access.ts';
import { type ApplicationCache, watchApplications } from './applications/application-cache.ts';
import { createInspector, type Inspector } from './applications/inspect.ts';
import { createRevisions, type Revisions } from './applications/revision-metadata.ts';
import { mountApplications } from './applications/routes.ts';
import { createTreeFeed } from './applications/tree-feed.ts';
import { type ApiEventsOptions, createApiEvents } from './audit/api-events.ts';
import { logRequests } from './audit/request-log.ts';
import { traceWrites } from './audit/trace-writes.ts';
import type { DeclaredSettings } from './declared/mount-declared.ts';
import { tellProblems } from './declared/tell-problems.ts';
import { mountGeneral } from './general-routes.ts';
import { refuseForeignOrigin } from './http/foreign-origin.ts';
import { measureCalls } from './http/grpc-metrics.ts';
import { listen } from './http/listen.ts';
import { answerErrors, compressAnswers, measure, securityHeaders, unknownRoute } from './http/middleware.ts';
import { mountOn } from './http/mount.ts';
import { createOpenStreams, type OpenStreams } from './http/open-streams.ts';
import { allowOwnOrigin } from './http/own-origin.ts';
import { requireJson } from './http/request-body.ts';
import { mountActions } from './live/action-routes.ts';
import { type ClusterClients, type ClusterClientsOptions, createClusterClients } from './live/cluster-clients.ts';
import { mountLive } from './live/routes.ts';
import { effectiveProject } from './projects/effective-project.ts';
import { type ProjectCache, watchProjects } from './projects/project-cache.ts';
import { createRouteModules, type RouteModules } from './route-modules.ts';
import { createAuthenticate } from './session/authenticate.ts';
import { createLoginLimit, loginLimitsFrom } from './session/login-limit.ts';
import { createRenewal } from './session/renewal.ts';
import { createRevocations } from './session/revocations.ts';
import { mountSession, mountWebLogout, type SessionParts } from './session/routes.ts';
import type { AccountSettings } from './session/user.ts';
import { mountDexProxy } from './sso/dex-proxy.ts';
import { createProviders, type Provider } from './sso/provider.ts';
import { mountSso } from './sso/routes.ts';
import { createSsoSessions } from './sso/sso-sessions.ts';
import { createUserInfo, type UserInfo } from './sso/user-info.ts';
import { createTerminals, type Upgrade } from './terminal/terminal.ts';
import { serverCertificate } from './tls/server-certificate.ts';

/** What the API server works with: connections and settings, made by {@link start} or by a composition root. */
export interface ApiServerParts {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  store: Pick<Store, 'queue' | 'worker' | 'sealed' | 'json' | 'counters' | 'ping' | 'pubsub'>;
  accounts: AccountSettings;
  /** A watch that others of this process share; default: one of its own. */
  watchApplications?: WatchApplications;
  resolveDestination: ClusterClientsOptions['resolveDestination'];
  /** Annotations of Secrets whose values are not shown, now. */
  sensitiveAnnotations(): readonly string[];
  /** Users' actions on live objects, now. */
  actionRules(): readonly ActionRule[];
  /** What the routes of repositories, clusters and trust read. */
  declared: DeclaredSettings;
  /** Settings for clients; read at each request. */
  settings: () => Required<Pick<ServerSettings, 'url' | 'appLabelKey' | 'trackingMethod'>>;
  version: VersionInfo;
  logger: Logger;
  metrics: Metrics;
  /** Default: none. */
  tracing?: Tracing;
  now?: () => Date;
}

export interface ApiServer {
  /** For example `http://127.0.0.1:8080`. */
  url: string;
  /** Ends streams, finishes running requests, then stops. */
  close(): Promise<void>;
}

const graceMs = 5_000;

function registerMetrics({ metrics, version }: ApiServerParts, streams: OpenStreams): void {
  const info = metrics.gauge({ name: 'argocd_info', help: 'Version of the API server.', labels: ['version'] });
  info.set({ version: version.Version }, 1);
  metrics.gauge({
    name: 'plumbline_http_streams',
    help: 'Streams that are open.',
    collect: (gauge) => gauge.set({}, streams.count()),
  });
}

interface AppParts {
  cache: ApplicationCache;
  projects: ProjectCache;
  inspector: Inspector;
  revisions: Revisions;
  modules: RouteModules;
  clusters: ClusterClients;
  streams: OpenStreams;
}

/** Who calls, and what he may. */
function sessionParts(
  parts: ApiServerParts,
  projects: ProjectCache,
): SessionParts & { access: AccessControl; provider: () => Promise<Provider | undefined>; userInfo: UserInfo } {
  const { accounts, logger, metrics, store, now = () => new Date() } = parts;
  const revocations = createRevocations({ store, logger, now });
  const provider = createProviders(() => accounts.access().oidc);
  const scopes = () => accounts.access().rbac.scopes;
  const userInfo = createUserInfo(store, now);
  const sessionMs = () => accounts.access().sessionMs;
  const ssoSessions = createSsoSessions({ store, provider, revocations, userInfo, sessionMs, logger, now });
  const authenticate = createAuthenticate({ accounts, projects, revocations, provider, scopes, userInfo }, now);
  const limit = createLoginLimit({ ...loginLimitsFrom(process.env), counters: store.counters, logger, now });
  const access = createAccessControl({ settings: accounts, projects });
  return { accounts, authenticate, revocations, ssoSessions, limit, logger, metrics, now, access, provider, userInfo };
}

function createApp(parts: ApiServerParts, appParts: AppParts): { app: Express; upgrade: Upgrade } {
  const { cache, projects, inspector, revisions, modules, clusters, streams } = appParts;
  const { logger, metrics, now = () => new Date() } = parts;
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(compressAnswers, securityHeaders, logRequests(logger), measure(metrics), measureCalls(metrics));
  app.use(traceWrites(parts.tracing ?? noTracing));
  modules.mountOpen(app, { cache });
  mountDexProxy(app, { dex: () => parts.accounts.access().dex, logger });
  app.get('/healthz', async (request, response) => {
    if (request.query['full'] === 'true') await Promise.all([parts.client.version(), parts.store.ping()]);
    response.type('text/plain').send('ok');
  });
  app.use(
    allowOwnOrigin(() => parts.settings().url),
    requireJson,
    refuseForeignOrigin(() => parts.settings().url),
  );
  const session = sessionParts(parts, projects);
  const { authenticate, access } = session;
  const anonymous = () => parts.accounts.access().anonymousEnabled;
  const events = createApiEvents({ ...parts, uidOf: uidIn(cache, projects) });
  const gate = createGate({ ...parts, cache });
  const mount = mountOn(app, { authenticate, access, gate, anonymous, renew: createRenewal(session), events, logger });
  mountSession(mount, session);
  mountWebLogout(app, session);
  mountSso(app, { ...session, store: parts.store, url: () => parts.settings().url });
  const effective = effectiveProject(parts.accounts, projects);
  mountAccess(mount, { ...parts, cache, projects, effective }, session);
  mountGeneral(mount, parts);
  const { client, namespace, resolveDestination } = parts;
  const trees = createTreeFeed(parts.store.pubsub);
  mountApplications(mount, {
    client,
    cache,
    namespace,
    effective,
    resolveDestination,
    inspector,
    revisions,
    streams,
    trees,
  });
  const { sensitiveAnnotations } = parts;
  const live = { client, cache, namespace, effective, inspector, clusters, sensitiveAnnotations };
  mountLive(mount, live);
  mountActions(mount, { ...live, actions: createActions(parts.actionRules), resolveDestination, now });
  modules.mount(mount, { cache, now, live, projects, streams });
  const { upgrade } = createTerminals(app, {
    ...{ live, gate, access, authenticate, anonymous, streams, logger },
    settings: () => parts.declared.api().exec,
    ownUrl: () => parts.settings().url,
  });
  app.use(unknownRoute(authenticate), answerErrors(logger));
  return { app, upgrade };
}

/** uid of what an event is about, by what is cached. */
function uidIn(cache: ApplicationCache, projects: ProjectCache): ApiEventsOptions['uidOf'] {
  return ({ kind, name, namespace }) =>
    (kind === 'AppProject' ? projects.get(name) : cache.get(name, namespace || undefined))?.metadata.uid;
}

export interface ServeOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Serve TLS, with the certificate of argocd-server-tls or argocd-secret, or one of our own. Default false. */
  tls?: boolean;
  /** Gives up starting: the first list of Applications is waited for as long as it takes. */
  signal?: AbortSignal;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Serves the REST API once the Applications are known. */
export async function serveApi(parts: ApiServerParts, options: ServeOptions): Promise<ApiServer> {
  const { client, namespace, logger, now = () => new Date() } = parts;
  const { accounts: settings } = parts;
  const ended = new AbortController();
  const watch = parts.watchApplications ?? shareApplicationWatch({ client, namespace, settings, signal: ended.signal });
  const cache = watchApplications({ namespace, settings, watch, logger });
  const projects = watchProjects({ client, namespace, logger });
  const inspector = createInspector(parts.store);
  const revisions = createRevisions(parts.store);
  const modules = createRouteModules(parts);
  const effective = effectiveProject(parts.accounts, projects);
  const clusters = createClusterClients({
    ...parts,
    control: client,
    access: parts.accounts.access,
    projectOf: (name) => {
      const project = projects.get(name);
      return project && effective(project);
    },
  });
  const streams = createOpenStreams();
  const stopTelling = tellProblems({ client, namespace, settings: parts.declared, logger });
  const stop = async (): Promise<void> => {
    cache.close();
    ended.abort();
    stopTelling();
    projects.close();
    await Promise.all([inspector.close(), revisions.close(), modules.close(), clusters.close()]);
  };
  try {
    await unlessAborted(Promise.all([cache.ready(), projects.ready()]), options.signal);
    registerMetrics(parts, streams);
    const { app, upgrade } = createApp(parts, { cache, projects, inspector, revisions, modules, clusters, streams });
    const listening = await listen(app, {
      ...options,
      upgrade,
      ...(options.tls ? { certificate: () => serverCertificate({ client, namespace, now }) } : {}),
      onStale: (error) => logger.warn('the certificate cannot be renewed', { error: errorMessage(error) }),
    });
    logger.info('the API server is ready', { url: listening.url });
    const close = async (): Promise<void> => {
      streams.endAll();
      await listening.close(graceMs);
      await stop();
    };
    return { url: listening.url, close };
  } catch (error) {
    await stop();
    throw error;
  }
}
