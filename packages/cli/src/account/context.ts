import { readConfig, writeConfig } from '../config/config-file.ts';
import { type GlobalOptions, pathOf } from '../config/connect.ts';
import { withoutContext } from '../config/contexts.ts';
import { Fatal } from '../fatal.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

interface ContextOptions extends GlobalOptions {
  delete?: boolean;
}

/** Lists contexts, or switches to one (`-`: to the former one), or deletes it. */
export async function context(terminal: Terminal, asked: string | undefined, options: ContextOptions): Promise<void> {
  const path = pathOf(options);
  const file = await readConfig(path);
  const current = file['current-context'];
  if (asked === undefined) {
    if (options.delete) throw new Fatal('no context is named', { next: 'plumb context NAME --delete', exitCode: 1 });
    const rows = file.contexts.map((entry) => [entry.name === current ? '*' : '', entry.name, entry.server]);
    terminal.out(table(['CURRENT', 'NAME', 'SERVER'], rows));
    return;
  }
  const name = asked === '-' ? (file['previous-context'] ?? '') : asked;
  if (!file.contexts.some((entry) => entry.name === name)) {
    throw new Fatal(asked === '-' ? 'there is no former context' : `there is no context "${name}"`, {
      next: '`plumb context` lists them',
    });
  }
  if (options.delete) {
    await writeConfig(path, withoutContext(file, name));
    terminal.out(`Context '${name}' deleted\n`);
    return;
  }
  if (name !== current) await writeConfig(path, { ...file, 'current-context': name, 'previous-context': current });
  terminal.out(`${name === current ? 'Already at' : 'Switched to'} context '${name}'\n`);
}

/** `plumb configure`: keeps a choice in the configuration file. */
export async function configure(
  terminal: Terminal,
  options: GlobalOptions & { promptsEnabled?: boolean },
): Promise<void> {
  if (options.promptsEnabled === undefined)
    throw new Fatal('nothing is chosen', { next: 'plumb configure --prompts-enabled=false', exitCode: 1 });
  const path = pathOf(options);
  await writeConfig(path, { ...(await readConfig(path)), 'prompts-enabled': options.promptsEnabled });
  terminal.out('configuration updated\n');
}
