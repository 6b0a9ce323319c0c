import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';
import { type Endpoint, fixedAuthorization, type TlsSettings } from './endpoint.ts';
import { type ExecUser, execLogin } from './exec-login.ts';
import { helperLogin } from './login-helper.ts';
import { tokenFileAuthorization } from './token-file.ts';

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function named(config: Fields, list: 'clusters' | 'users' | 'contexts', name: string, path: string): Fields {
  const entries: unknown = config[list];
  const found = Array.isArray(entries) ? entries.map(fields).find((entry) => entry['name'] === name) : undefined;
  if (!found) {
    throw new PlumblineError('KUBE_CONFIG', `${path} has no entry "${name}" under "${list}"`, {
      hint: 'see `kubectl config get-contexts`',
    });
  }
  return fields(found[list.slice(0, -1)]);
}

/** `x-data` is base64 in the file, `x` a path relative to it. */
async function material(entry: Fields, name: string, folder: string): Promise<Buffer | undefined> {
  const data = text(entry[`${name}-data`]);
  if (data) return Buffer.from(data, 'base64');
  const file = text(entry[name]);
  return file ? await readFile(resolve(folder, file)) : undefined;
}

async function tlsOf(cluster: Fields, user: Fields, folder: string): Promise<TlsSettings> {
  const [ca, cert, key] = await Promise.all([
    material(cluster, 'certificate-authority', folder),
    material(user, 'client-certificate', folder),
    material(user, 'client-key', folder),
  ]);
  const servername = text(cluster['tls-server-name']);
  const insecure = cluster['insecure-skip-tls-verify'] === true;
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(servername ? { servername } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

/** A path of a program is relative to the file; a bare name is looked for on PATH. */
function programOf(exec: ExecUser, folder: string): ExecUser {
  const { command = '' } = exec;
  return command.includes('/') ? { ...exec, command: resolve(folder, command) } : exec;
}

async function loginOf(user: Fields, names: { cluster: string; user: string; server: string; folder: string }) {
  if (user['exec'] !== undefined) return execLogin(names.cluster, programOf(fields(user['exec']), names.folder));
  if (user['auth-provider'] !== undefined) {
    return helperLogin({
      cluster: { name: names.cluster, server: names.server, skipTLSVerify: false },
      user: { name: names.user, authProvider: user['auth-provider'] },
    });
  }
  const tokenFile = text(user['tokenFile']);
  if (tokenFile) return { authorization: tokenFileAuthorization(resolve(names.folder, tokenFile)), tls: {} };
  const { token, username, password } = user;
  return {
    authorization: fixedAuthorization({ token: text(token), username: text(username), password: text(password) }),
    tls: {},
  };
}

/**
 * Reads a kubeconfig. Tokens, token files, passwords and certificates are read here, exec plugins are run; auth providers go
 * through client-node. A missing context, cluster or user is `KUBE_CONFIG`.
 */
export async function kubeconfigEndpoint(access: { path: string; context?: string }): Promise<Endpoint> {
  const { path } = access;
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PlumblineError('KUBE_CONFIG', `the kubeconfig ${path} cannot be read: ${String(cause)}`, { cause });
  });
  const config = fields(parseYaml(content, { file: path }));
  const contextName = access.context ?? text(config['current-context']) ?? '';
  const context = named(config, 'contexts', contextName, path);
  const clusterName = text(context['cluster']) ?? '';
  const userName = text(context['user']) ?? '';
  const cluster = named(config, 'clusters', clusterName, path);
  const user = userName ? named(config, 'users', userName, path) : {};
  const server = (text(cluster['server']) ?? '').replace(/\/+$/, '');
  const folder = dirname(resolve(path));
  const login = await loginOf(user, { cluster: clusterName, user: userName, server, folder });
  const proxyUrl = text(cluster['proxy-url']);
  return {
    server,
    tls: { ...(await tlsOf(cluster, user, folder)), ...login.tls },
    ...(proxyUrl ? { proxyUrl } : {}),
    authorization: login.authorization,
  };
}
