import { connect } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { kubeconfigPath } from '../cluster/kubeconfig.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

const name = 'argocd-initial-admin-secret';

/** `plumb admin initial-password`: reads it from its Secret. */
export async function initialPassword(
  terminal: Terminal,
  { namespace, kubeconfig, context }: { namespace: string; kubeconfig?: string; context?: string },
): Promise<void> {
  const access = { kind: 'kubeconfig', path: kubeconfigPath(kubeconfig), ...(context ? { context } : {}) } as const;
  const client = await connect(access, { logger: silentLogger });
  try {
    const secret = await client.find({ apiVersion: 'v1', kind: 'Secret', name, namespace });
    const data: unknown = secret?.['data'];
    const password: unknown =
      typeof data === 'object' && data !== null && 'password' in data ? data.password : undefined;
    if (typeof password !== 'string') {
      throw new Fatal(`there is no Secret ${namespace}/${name} with the initial password of admin`, {
        next: 'it is deleted once the password was changed; name the control-plane namespace with -n',
      });
    }
    terminal.out(`${Buffer.from(password, 'base64').toString('utf8')}\n`);
    terminal.err('Change it with `plumb account update-password`, then delete the Secret.\n');
  } finally {
    await client.close();
  }
}
