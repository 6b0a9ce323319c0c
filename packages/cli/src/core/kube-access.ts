import { readFile } from 'node:fs/promises';
import { type ClusterAccess, connect, type KubeClient } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { atEnd } from '../at-end.ts';
import { kubeconfigPath } from '../cluster/kubeconfig.ts';
import { Fatal } from '../fatal.ts';

/** Flags of commands that work on the cluster itself. */
export interface KubeOptions {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  /** The control-plane namespace. */
  namespace?: string | undefined;
}

type KubeconfigAccess = Extract<ClusterAccess, { kind: 'kubeconfig' }>;

/** The cluster that the flags name: that of KUBECONFIG and its current context by default. */
function kubeAccess({ kubeconfig, context }: KubeOptions): KubeconfigAccess {
  return { kind: 'kubeconfig', path: kubeconfigPath(kubeconfig), ...(context ? { context } : {}) };
}

type Entries = { name?: string; context?: { namespace?: string } }[];

/** The control-plane namespace: that of the environment, else the one that the context names, else `argocd`. */
async function controlNamespace({ path, context }: KubeconfigAccess): Promise<string> {
  const given = process.env['PLUMB_NAMESPACE'] || process.env['ARGOCD_NAMESPACE'];
  if (given) return given;
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Fatal(`cannot read the kubeconfig ${path}: ${error.message}`, { next: 'name one with KUBECONFIG' });
  });
  const { load } = await import('js-yaml');
  const file = (load(text) ?? {}) as { contexts?: Entries; 'current-context'?: string };
  const name = context ?? file['current-context'];
  return file.contexts?.find((entry) => entry.name === name)?.context?.namespace ?? 'argocd';
}

/** A client for the cluster that the flags name, until the command ends, and the control-plane namespace there. */
export async function connectKube(options: KubeOptions): Promise<{ client: KubeClient; namespace: string }> {
  const access = kubeAccess(options);
  const namespace = options.namespace ?? (await controlNamespace(access));
  const client = await connect(access, { logger: silentLogger });
  atEnd(() => client.close());
  return { client, namespace };
}
