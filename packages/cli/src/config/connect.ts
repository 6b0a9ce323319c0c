import { homedir } from 'node:os';
import { type ApiClient, createApiClient } from '@plumbline/protocol';
import { Fatal } from '../fatal.ts';
import { type ConfigFile, configPath, readConfig } from './config-file.ts';
import { type Context, contextOf, contextOfServer } from './contexts.ts';
import { currentToken } from './current-token.ts';
import { nameRefusals } from './name-refusals.ts';
import { qualifiedNames } from './qualified-names.ts';
import { fetchFor, type TransportOptions } from './transport.ts';
import { urlOfServer } from './url-of-server.ts';
import { variable } from './variable.ts';

/** Flags of every command that talks to a server. */
export interface GlobalOptions extends TransportOptions {
  server?: string;
  authToken?: string;
  config?: string;
  plumbContext?: string;
  /** The name that Argo CD's scripts give that flag. */
  argocdContext?: string;
  plaintext?: boolean;
  /** Path below which the server answers. */
  grpcWebRootPath?: string;
  /** Work on the cluster of the kubeconfig, without a server. */
  core?: boolean;
  /** Context of the kubeconfig. */
  kubeContext?: string;
  portForward?: boolean;
  portForwardNamespace?: string;
  /** Name of the Service of the server. */
  serverName?: string;
  /** `false` answers every question with yes. */
  promptsEnabled?: boolean;
  /** Namespace of Applications that are named without one. */
  appNamespace?: string;
}

/** Where the configuration file lies for these flags. */
export function pathOf(options: GlobalOptions): string {
  return options.config ?? configPath({ env: process.env, home: homedir() });
}

/** The context that the flags name. */
export function contextName({ plumbContext, argocdContext }: GlobalOptions): string | undefined {
  return plumbContext ?? argocdContext;
}

async function choose(file: ConfigFile, options: GlobalOptions): Promise<Context | undefined> {
  if (options.portForward || options.portForwardNamespace) {
    const { forwardPort } = await import('./port-forward.ts');
    const url = await urlOfServer(await forwardPort(options), { ...options, insecure: true });
    const known = contextOf(file, contextName(options) ?? 'port-forward');
    return { name: 'port-forward', token: undefined, ...known, server: { server: url, insecure: true } };
  }
  const named = options.server ?? variable('SERVER');
  if (!named) return contextOf(file, contextName(options));
  const known = contextOfServer(file, named);
  if (known) return known;
  const url = await urlOfServer(named, options);
  return contextOfServer(file, url) ?? { name: url, server: { server: url }, token: undefined };
}

/** How requests to a context's server travel: as the flags say, else as it was remembered. */
export function transportOf(options: GlobalOptions, { server }: Context): TransportOptions {
  const caData = server['certificate-authority-data'];
  return { ...options, insecure: options.insecure ?? server.insecure, caData };
}

function unknown(options: GlobalOptions): Fatal {
  const name = contextName(options);
  return new Fatal(name ? `there is no context "${name}"` : 'no server is known', {
    next: name ? '`plumb context` lists them' : 'plumb login <server>, or set PLUMB_SERVER and PLUMB_AUTH_TOKEN',
  });
}

const named = (client: ApiClient, { appNamespace }: GlobalOptions): ApiClient =>
  nameRefusals(qualifiedNames(client, appNamespace));

async function core(options: GlobalOptions): Promise<ApiClient> {
  const { coreClient } = await import('../core/core-client.ts');
  return named(await coreClient(options), options);
}

/** What the context has logged in with. Who may come without need not be told that it has ended. */
async function tokenOf(
  context: Context,
  {
    options,
    fetch,
    anonymous,
  }: { options: GlobalOptions; fetch: typeof globalThis.fetch | undefined; anonymous: boolean },
): Promise<string | undefined> {
  const token = currentToken(context, { path: pathOf(options), fetch, now: () => new Date() });
  return anonymous ? token.catch(() => context.token) : token;
}

/**
 * A client for the server that the flags, the environment or the current context name; with `--core` for one in this
 * process. Throws Fatal where none does, or where nobody has logged in and `anonymous` callers are not meant.
 */
export async function connect(options: GlobalOptions, { anonymous = false } = {}): Promise<ApiClient> {
  if (options.core) return core(options);
  const context = await choose(await readConfig(pathOf(options)), options);
  if (!context) throw unknown(options);
  if (context.server.core) return core(options);
  const url = context.server.server;
  const fetch = await fetchFor(transportOf(options, context));
  const token = options.authToken ?? variable('AUTH_TOKEN') ?? (await tokenOf(context, { options, fetch, anonymous }));
  if (!token && !anonymous) throw new Fatal(`not logged in to ${url}`, { next: `plumb login ${url}` });
  return named(createApiClient({ url, token, fetch }), options);
}
