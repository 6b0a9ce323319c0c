import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Options of `plumb up`. */
export interface UpOptions {
  /** Reconcile over this cluster; absent: an embedded control plane in the data folder. */
  kubeconfig?: string;
  context?: string;
  /** The control-plane namespace; default `argocd`. */
  namespace?: string;
  /** Default `$XDG_DATA_HOME/plumbline` or `~/.local/share/plumbline`. */
  dataDir?: string;
  /** Of the REST API; default 8080, 0 takes a free one. */
  port?: number;
  /** An existing Redis; absent: one is started. */
  redis?: string;
  /** Written when everything is ready. */
  readyFile?: string;
  /** Lines for a person; default standard error. */
  say?: (line: string) => void;
}

/** {@link UpOptions} with its defaults filled in. */
export interface ResolvedUpOptions {
  kubeconfig: string | undefined;
  context: string | undefined;
  namespace: string;
  dataDir: string;
  port: number;
  redis: string | undefined;
  readyFile: string | undefined;
  say: (line: string) => void;
}

/** Fills in the defaults; paths become absolute. */
export function resolveOptions(options: UpOptions, env: NodeJS.ProcessEnv = process.env): ResolvedUpOptions {
  const dataHome = env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local', 'share');
  return {
    kubeconfig: options.kubeconfig ? resolve(options.kubeconfig) : undefined,
    context: options.context,
    namespace: options.namespace || 'argocd',
    dataDir: resolve(options.dataDir || join(dataHome, 'plumbline')),
    port: options.port ?? 8080,
    redis: options.redis,
    readyFile: options.readyFile ? resolve(options.readyFile) : undefined,
    say: options.say ?? ((line) => process.stderr.write(`${line}\n`)),
  };
}
