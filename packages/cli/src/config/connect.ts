import { homedir } from 'node:os';
import { type ApiClient, createApiClient } from '@plumbline/protocol';
import { Fatal } from '../fatal.ts';
import { type ConfigFile, configPath, readConfig } from './config-file.ts';
import { contextOf, contextOfServer } from './contexts.ts';
import { nameRefusals } from './name-refusals.ts';
import { qualifiedNames } from './qualified-names.ts';
import { serverUrl } from './server-url.ts';

/** Flags of every command that talks to a server. */
export interface GlobalOptions {
  server?: string;
  authToken?: string;
  config?: string;
  plumbContext?: string;
  insecure?: boolean;
  plaintext?: boolean;
  /** `Name: value` each. */
  header?: string[];
  /** Namespace of Applications that are named without one. */
  appNamespace?: string;
}

/** Where the configuration file lies for these flags. */
export function pathOf(options: GlobalOptions): string {
  return options.config ?? configPath({ env: process.env, home: homedir() });
}

/** Certificates are checked unless the user said otherwise, for this process. */
export function trust(insecure: boolean | undefined): void {
  if (insecure) process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
}

/** fetch with more headers; undefined where there are none. */
function fetchWith(headers: string[] | undefined): typeof fetch | undefined {
  if (!headers?.length) return undefined;
  const added = headers.map((text): [string, string] => {
    const colon = text.indexOf(':');
    if (colon < 1) throw new Fatal(`"${text}" is no header`, { next: 'write it as "Name: value"', exitCode: 1 });
    return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  });
  return (input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of added) all.append(name, value);
    return fetch(input, { ...init, headers: all });
  };
}

function choose(file: ConfigFile, options: GlobalOptions) {
  const named = options.server ?? process.env['PLUMB_SERVER'];
  if (!named) return contextOf(file, options.plumbContext);
  const url = serverUrl(named, options);
  return contextOfServer(file, url) ?? { name: url, server: { server: url }, token: undefined };
}

/**
 * A client for the server that the flags, the environment or the current context name. Throws Fatal where none does, or
 * where nobody has logged in.
 */
export async function connect(options: GlobalOptions): Promise<ApiClient> {
  const file = await readConfig(pathOf(options));
  const context = choose(file, options);
  if (!context) {
    const name = options.plumbContext;
    throw new Fatal(name ? `there is no context "${name}"` : 'no server is known', {
      next: name ? '`plumb context` lists them' : 'plumb login <server>, or set PLUMB_SERVER and PLUMB_AUTH_TOKEN',
    });
  }
  const token = options.authToken ?? process.env['PLUMB_AUTH_TOKEN'] ?? context.token;
  const url = context.server.server;
  if (!token) throw new Fatal(`not logged in to ${url}`, { next: `plumb login ${url}` });
  trust(options.insecure ?? context.server.insecure);
  return nameRefusals(
    qualifiedNames(createApiClient({ url, token, fetch: fetchWith(options.header) }), options.appNamespace),
  );
}
