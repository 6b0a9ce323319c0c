import { connectKube, type KubeOptions } from '../core/kube-access.ts';
import { readSecret } from '../core/read-secret.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

/** `plumb admin initial-password`: reads it from its Secret. */
export async function initialPassword(terminal: Terminal, options: KubeOptions): Promise<void> {
  const { client, namespace } = await connectKube(options);
  const name = 'argocd-initial-admin-secret';
  const password = (await readSecret(client, { namespace, name }))?.['password'];
  if (password === undefined) {
    throw new Fatal(`there is no Secret ${namespace}/${name} with the initial password of admin`, {
      next: 'it is deleted once the password was changed; name the control-plane namespace with -n',
    });
  }
  terminal.out(`${password}\n`);
  terminal.err('Change it with `plumb account update-password`, then delete the Secret.\n');
}
