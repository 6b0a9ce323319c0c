import { connectKube, type KubeOptions } from '../core/kube-access.ts';
import { readSecret } from '../core/read-secret.ts';
import { secretText } from '../core/secret-text.ts';
import type { Terminal } from '../terminal.ts';

const name = 'argocd-redis';

/** `plumb admin redis-initial-password`: makes the Secret argocd-redis with a password where there is none. */
export async function redisInitialPassword(terminal: Terminal, options: KubeOptions): Promise<void> {
  const { client, namespace } = await connectKube(options);
  if ((await readSecret(client, { namespace, name }))?.['auth']) {
    terminal.out(`the Secret ${namespace}/${name} has a password already\n`);
    return;
  }
  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
      type: 'Opaque',
      data: { auth: Buffer.from(secretText()).toString('base64') },
    },
    { fieldManager: 'plumb-cli', force: true },
  );
  terminal.out(`the Secret ${namespace}/${name} has a password now\n`);
}
