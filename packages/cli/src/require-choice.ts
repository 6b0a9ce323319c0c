import type { Command } from 'commander';
import { Fatal } from './fatal.ts';

/** Options that say where or how, and change nothing by themselves. */
const besides: readonly string[] = ['validate', 'sourcePosition', 'sourceName', 'env'];

/**
 * Ends a command that changes what its flags name, where they name nothing: most likely something was forgotten, or a variable
 * of a script was empty. Exit code 1, as of any wrong usage (reference §14).
 */
export function requireChoice(command: Command): void {
  const given = command.options.some((option) => {
    const name = option.attributeName();
    return !besides.includes(name) && command.getOptionValueSource(name) === 'cli';
  });
  if (!given)
    throw new Fatal('nothing is chosen that would change', { next: 'add --help for what can be', exitCode: 1 });
}
