import { type Command, Option } from 'commander';
import { collect, integer, whole } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { sourceRevisionFlags } from './source-revision-flags.ts';

/** Flags that say what a sync is to do; a plan takes the same. */
export const syncFlags = (command: Command): Command =>
  sourceRevisionFlags(command)
    .option('--prune', 'delete objects that are no longer in the source')
    .option('--force', 'delete and create objects that cannot be changed in place')
    .option('--replace', 'replace objects in place of applying them')
    .option('--server-side', 'use server-side apply')
    .option('--apply-out-of-sync-only', 'leave objects alone that are Synced')
    .option(
      '--resource <resource>',
      'only GROUP:KIND:[NAMESPACE/]NAME; "!" in front excludes; may be repeated',
      collect,
    )
    .option('--revision <revision>', 'sync to this revision')
    .addOption(new Option('--strategy <strategy>', 'how to sync').choices(['apply', 'hook']))
    .option('--retry-limit <count>', 'how often a failed sync is tried again', integer)
    .option('--retry-backoff-duration <duration>', 'first delay between tries')
    .option('--retry-backoff-max-duration <duration>', 'longest delay between tries')
    .option('--retry-backoff-factor <factor>', 'growth of the delay', whole)
    .option('--retry-refresh', 'resolve the revision again for each try')
    .option('--info <name=value>', 'fact to keep with the operation; may be repeated', collect);

const output = (...more: string[]): Option =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'json', 'yaml', ...more]).default('wide');

function registerRollback(app: Command, terminal: Terminal): void {
  app
    .command('rollback')
    .description('go back to an entry of the history; automation skips what came later until something newer is there')
    .argument('<name>')
    .argument('[id]', 'of the entry; default: the one before the newest', integer)
    .option('--prune', 'delete objects that are not in that deployment')
    .option('--dry-run', 'change nothing')
    .option('--reason <text>', 'why, for those who come after')
    .option('--expires <time>', 'automation takes up again what it skips after this duration or at this time')
    .option('--async', 'do not wait for the end')
    .option('--timeout <seconds>', 'give up waiting after this time; 0 = never', whole, 0)
    .addOption(output('tree', 'tree=detailed'))
    .action(async (name: string, id: number | undefined, _options, command: Command) => {
      const { rollbackApp } = await import('./rollback.ts');
      await rollbackApp(terminal, name, { ...command.optsWithGlobals(), id });
    });
  app
    .command('unpin')
    .description('let automation take up again what a rollback told it to skip')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      const { releaseRevisions } = await import('./approve.ts');
      await releaseRevisions(terminal, name, command.optsWithGlobals());
    });
}

/** Commands about what a sync would do and what holds it up. */
export function registerOperations(app: Command, terminal: Terminal): void {
  syncFlags(app.command('plan').description('show what a sync would do, in its order').argument('<name>'))
    .option('--running', 'the plan of the operation that is under way')
    .addOption(output())
    .action(async (name: string, _options, command: Command) => {
      const { planApp } = await import('./plan.ts');
      await planApp(terminal, name, command.optsWithGlobals());
    });
  app
    .command('approve')
    .description('let a held operation delete what is beyond its budget')
    .argument('<name>')
    .argument('[digest]', 'of the deletions; default: those that it holds for now')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, digest: string | undefined, _options, command: Command) => {
      const { approveDeletions } = await import('./approve.ts');
      await approveDeletions(terminal, name, { ...command.optsWithGlobals(), digest });
    });
  app
    .command('confirm-deletion')
    .description('let go on what waits because of Prune=confirm or Delete=confirm')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      const { confirmDeletion } = await import('./confirm-deletion.ts');
      await confirmDeletion(terminal, name, command.optsWithGlobals());
    });
  registerRollback(app, terminal);
}
