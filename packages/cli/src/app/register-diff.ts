import type { Command } from 'commander';
import { collect, onOff, whole } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { comparisonFlags, sourceRevisionFlags } from './source-revision-flags.ts';

/** Flags that ask for a comparison first. */
export const refreshing = (command: Command): Command =>
  command
    .option('--refresh', 'compare again first')
    .option('--hard-refresh', 'compare again first, without the manifest cache');

/** `plumb app diff`. */
export function registerDiff(app: Command, terminal: Terminal): void {
  const diff = app
    .command('diff')
    .description('show how live and target state differ, and who is behind it')
    .argument('<name>');
  comparisonFlags(sourceRevisionFlags(refreshing(diff)))
    .option('--revision <revision>', 'compare with what this revision says, before anybody syncs it')
    .option(
      '--local <path>',
      'compare with what this folder of the machine renders to, or with the manifests of a file (-: standard input)',
    )
    .option('--local-repo-root <path>', 'root of the repository of that folder; default: its working copy')
    .option('--server-side-generate [on]', 'let the server render the folder, which is sent to it', onOff)
    .option('--local-include <glob>', 'send only files with such names; may be repeated', collect)
    .option('--exit-code [on]', 'exit with --diff-exit-code when something differs', onOff, true)
    .option('--diff-exit-code <code>', 'exit code when something differs', whole, 1)
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing differs, 1 (or --diff-exit-code) something does, 20 it could not be found out.

Examples:
  plumb app diff guestbook
  plumb app diff guestbook --revision my-branch       # the effect of a commit, before it is merged
  plumb app diff guestbook --local ./guestbook        # what lies here, before it is committed
  kustomize build guestbook | plumb app diff guestbook --local -`,
    )
    .action(async (name: string, _options, command: Command) => {
      const { diffApp } = await import('./diff.ts');
      process.exitCode = await diffApp(terminal, name, command.optsWithGlobals());
    });
}
