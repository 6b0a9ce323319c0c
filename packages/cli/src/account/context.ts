import { readConfig, writeConfig } from '../config/config-file.ts';
import { type GlobalOptions, pathOf } from '../config/connect.ts';
import { withoutContext } from '../config/contexts.ts';
import { Fatal } from '../fatal.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

export interface ContextOptions extends GlobalOptions {
  delete?: boolean;
}

/** Lists contexts, or switches to one, or deletes it. */
export async function context(terminal: Terminal, name: string | undefined, options: ContextOptions): Promise<void> {
  const path = pathOf(options);
  const file = await readConfig(path);
  if (name === undefined) {
    const rows = file.contexts.map((entry) => [
      entry.name === file['current-context'] ? '*' : '',
      entry.name,
      entry.server,
    ]);
    terminal.out(table(['CURRENT', 'NAME', 'SERVER'], rows));
    return;
  }
  if (!file.contexts.some((entry) => entry.name === name)) {
    throw new Fatal(`there is no context "${name}"`, { next: '`plumb context` lists them' });
  }
  if (options.delete) {
    await writeConfig(path, withoutContext(file, name));
    terminal.out(`Context '${name}' deleted\n`);
    return;
  }
  await writeConfig(path, { ...file, 'current-context': name });
  terminal.out(`Switched to context '${name}'\n`);
}
