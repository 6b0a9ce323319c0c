import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClusterAccess } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import type { RenderTools } from '@plumbline/render';
import { limitFlags, type RepoServerLimits, readLimits } from './limits.ts';

/** How a repo-server is started. */
export interface RepoServerConfig {
  redisUrl: string;
  /** Begins every Redis key; the same in all services. */
  redisPrefix?: string;
  /** The control plane's cluster. */
  cluster: ClusterAccess;
  /** Where settings and repository Secrets are. */
  namespace: string;
  /** Mirrors and work folders; not shared with another repo-server. */
  dataFolder: string;
  tools: RenderTools;
  /** Those that are given; the renderer knows the others. */
  limits: Partial<RepoServerLimits>;
  /** What plugins of kustomize see of the environment. */
  pluginEnvironment: Readonly<Record<string, string>>;
  /** Where plugin servers have their sockets. */
  pluginSockets: string;
  /** Hosts beside those of Azure that the workload identity of this process may be shown to. */
  azureHosts: readonly string[];
  /** 0 takes a free one. */
  metricsPort: number;
  metricsHost: string;
  logLevel: string;
  /** Default: standard error. */
  logFile?: string;
}

const flags = {
  'redis-url': 'PLUMB_REDIS_URL',
  /** Holds the URL, so that its password is in no environment and no list of processes. */
  'redis-url-file': 'PLUMB_REDIS_URL_FILE',
  'redis-prefix': 'PLUMB_REDIS_PREFIX',
  kubeconfig: 'PLUMB_KUBECONFIG',
  context: 'PLUMB_CONTEXT',
  namespace: 'PLUMB_NAMESPACE',
  'data-dir': 'PLUMB_DATA_DIR',
  kustomize: 'PLUMB_KUSTOMIZE',
  helm: 'PLUMB_HELM',
  jsonnet: 'PLUMB_JSONNET',
  ...limitFlags,
  'plugin-env': 'PLUMB_PLUGIN_ENV',
  'plugin-sockets': 'PLUMB_PLUGIN_SOCKETS',
  'azure-hosts': 'PLUMB_AZURE_HOSTS',
  'metrics-port': 'PLUMB_METRICS_PORT',
  'metrics-host': 'PLUMB_METRICS_HOST',
  'log-level': 'PLUMB_LOG_LEVEL',
  'log-file': 'PLUMB_LOG_FILE',
} as const;
type Flag = keyof typeof flags;

function invalid(message: string): PlumblineError {
  return new PlumblineError('REPO_SERVER_CONFIG', message, {
    hint: `flags: ${Object.keys(flags)
      .map((flag) => `--${flag}`)
      .join(' ')}`,
  });
}

function readFlags(args: readonly string[]): Partial<Record<Flag, string>> {
  const options = Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options, strict: true }).values as Partial<Record<Flag, string>>;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The variables of the environment that a list of names, each possibly with `*` at its end, lets through.
 * Throws `REPO_SERVER_CONFIG` for `*` alone, and for our own settings.
 */
function pluginEnvironment(
  list: string,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const patterns = list.split(/[\s,]+/).filter(Boolean);
  const bad = patterns.find((pattern) => !/^[A-Za-z_][A-Za-z0-9_]*\*?$/.test(pattern) || /^PLUMB_/i.test(pattern));
  if (bad !== undefined) throw invalid(`--plugin-env: "${bad}" is no name of a variable for plugins`);
  const matches = (name: string) =>
    patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && matches(entry[0]) && !entry[0].startsWith('PLUMB_'),
    ),
  );
}

function readRedisUrl(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw invalid(`--redis-url-file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Flags win over environment variables (`PLUMB_REDIS_URL` for `--redis-url`, …). Throws `REPO_SERVER_CONFIG`.
 *
 * @param args without the program's name.
 */
export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): RepoServerConfig {
  const given = readFlags(args);
  const value = (flag: Flag): string | undefined => given[flag] || environment[flags[flag]] || undefined;
  const required = (flag: Flag): string => {
    const found = value(flag);
    if (found === undefined) throw invalid(`--${flag} (or ${flags[flag]}) is required`);
    return found;
  };
  const kubeconfig = value('kubeconfig');
  const context = value('context');
  const jsonnet = value('jsonnet');
  const redisPrefix = value('redis-prefix');
  const logFile = value('log-file');
  const metricsPort = Number(value('metrics-port') ?? '0');
  if (!Number.isInteger(metricsPort) || metricsPort < 0 || metricsPort > 65_535)
    throw invalid('--metrics-port is no port');
  return {
    redisUrl: value('redis-url-file') ? readRedisUrl(required('redis-url-file')) : required('redis-url'),
    ...(redisPrefix ? { redisPrefix } : {}),
    cluster: kubeconfig
      ? { kind: 'kubeconfig', path: kubeconfig, ...(context ? { context } : {}) }
      : { kind: 'in-cluster' },
    namespace: value('namespace') ?? 'argocd',
    dataFolder: required('data-dir'),
    tools: {
      kustomize: value('kustomize') ?? 'kustomize',
      helm: value('helm') ?? 'helm',
      ...(jsonnet ? { jsonnet } : {}),
    },
    limits: readLimits(value),
    pluginEnvironment: pluginEnvironment(value('plugin-env') ?? '', environment),
    pluginSockets: value('plugin-sockets') ?? '/home/argocd/cmp-server/plugins',
    azureHosts: (value('azure-hosts') ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    metricsPort,
    metricsHost: value('metrics-host') ?? '127.0.0.1',
    logLevel: value('log-level') ?? 'info',
    ...(logFile ? { logFile } : {}),
  };
}

/** Where the mirrors are kept. */
export function mirrorsFolder({ dataFolder }: RepoServerConfig): string {
  return join(dataFolder, 'mirrors');
}

/** Where archives of charts are kept. */
export function chartsFolder({ dataFolder }: RepoServerConfig): string {
  return join(dataFolder, 'charts');
}

/** Where renders find their files; emptied at each start. */
export function workFolder({ dataFolder }: RepoServerConfig): string {
  return join(dataFolder, 'work');
}

/** What plugins of kustomize must not see: files of other renders, mirrors, and what opens the control plane's cluster. */
export function hiddenFromPlugins({ dataFolder, cluster }: RepoServerConfig): string[] {
  const access = cluster.kind === 'kubeconfig' ? cluster.path : '/var/run/secrets/kubernetes.io';
  return [dataFolder, ...(access === undefined ? [] : [access])];
}
