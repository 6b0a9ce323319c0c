import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** `plumb completion`, and the command that its scripts ask. */
export function registerCompletion(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .description('print a script that completes command lines')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .addHelpText(
      'after',
      `
Examples:
  source <(plumb completion bash)
  plumb completion fish > ~/.config/fish/completions/plumb.fish`,
    )
    .action(async (shell: string) => {
      const { completionScript } = await import('./complete.ts');
      completionScript(terminal, shell);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { complete } = await import('./complete.ts');
      await complete(terminal, program, words);
    });
}
