import { connect, type GlobalOptions } from '../config/connect.ts';
import type { Terminal } from '../terminal.ts';

/** Reference §1.7: it counts where it is younger than the operation or the deletion. */
const annotation = 'argocd.argoproj.io/deletion-approved';

/** `plumb app confirm-deletion`: lets go on what waits because of `Prune=confirm` or `Delete=confirm`. */
export async function confirmDeletion(terminal: Terminal, name: string, options: GlobalOptions): Promise<void> {
  const client = await connect(options);
  const approved = terminal
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const patch = JSON.stringify({ metadata: { annotations: { [annotation]: approved } } });
  await client.call('patchApplication', { params: { name }, body: { patch, patchType: 'merge' } });
  terminal.out(`deletions that '${name}' waits with are confirmed\n`);
}
