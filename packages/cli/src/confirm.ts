import { readConfig } from './config/config-file.ts';
import { type GlobalOptions, pathOf } from './config/connect.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks on a terminal; anything but yes is no. Scripts are taken at their word, and so are those who said yes before or
 * want no questions (`--prompts-enabled=false`, `plumb configure`).
 */
export async function confirm(
  terminal: Terminal,
  question: string,
  options: GlobalOptions & { yes?: boolean },
): Promise<boolean> {
  if (options.yes || !terminal.interactive) return true;
  const enabled = options.promptsEnabled ?? (await readConfig(pathOf(options)))['prompts-enabled'] ?? true;
  if (!enabled) return true;
  const answer = await terminal.ask(`${question} [y/n] `);
  return /^y(es)?$/i.test(answer.trim());
}
