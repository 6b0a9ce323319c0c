import { writeFile } from 'node:fs/promises';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import type { Terminal } from '../../terminal.ts';
import { backupObjects, portable } from './backup-objects.ts';
import { backupScope, type ScopeFlags } from './scope.ts';

/** `plumb admin export`: everything that people have said to a control plane, as YAML. It holds secrets. */
export async function exportAll(
  terminal: Terminal,
  options: KubeOptions & ScopeFlags & { out: string },
): Promise<void> {
  const { client, namespace } = await connectKube(options);
  const scope = await backupScope(client, { namespace, flags: options });
  const objects = await backupObjects(client, scope);
  const { dump } = await import('js-yaml');
  const text = objects.map((object) => `---\n${dump(portable(object, namespace), { lineWidth: -1, noRefs: true })}`);
  if (options.out === '-') return terminal.out(text.join(''));
  await writeFile(options.out, text.join(''), { mode: 0o600 });
  terminal.err(`${objects.length} objects written to ${options.out}: it holds secrets\n`);
}
