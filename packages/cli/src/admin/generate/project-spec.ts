import { type AppProjectSpec, applicationApiVersion } from '@plumbline/apis';
import { declaredIn } from '../../declared-in.ts';
import { Fatal } from '../../fatal.ts';
import { type ProjectFlags, withProjectFlags } from '../../project/with-project-flags.ts';
import type { Terminal } from '../../terminal.ts';
import { type SpecOutput, writeSpec } from './write-spec.ts';

interface Declared {
  metadata?: { name?: string };
  spec?: AppProjectSpec;
}

/** `plumb admin proj generate-spec`: the AppProject that the flags, or a file and the flags, describe. */
export async function generateProject(
  terminal: Terminal,
  name: string | undefined,
  options: ProjectFlags & SpecOutput,
): Promise<void> {
  const [stored = {}] = options.file ? await declaredIn<Declared>(options.file, 'AppProject') : [];
  const wanted = name ?? stored.metadata?.name;
  if (!wanted) throw new Fatal('no project is named', { next: 'give a name, or a file with --file', exitCode: 1 });
  const project = {
    ...{ apiVersion: applicationApiVersion, kind: 'AppProject' },
    metadata: { ...stored.metadata, name: wanted },
    spec: withProjectFlags(stored.spec ?? {}, options),
  };
  await writeSpec(terminal, project, options);
}
