import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';

const output = () =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide');

function registerShows(gpg: Command, terminal: Terminal): void {
  gpg
    .command('list')
    .description('list keys')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listKeys } = await import('./gpg-keys.ts');
      await listKeys(terminal, command.optsWithGlobals());
    });
  gpg
    .command('get')
    .description('show a key')
    .argument('<key-id>')
    .addOption(output())
    .action(async (id: string, _options, command: Command) => {
      const { getKey } = await import('./gpg-keys.ts');
      await getKey(terminal, id, command.optsWithGlobals());
    });
}

/** `plumb gpg`. */
export function registerGpg(program: Command, terminal: Terminal): void {
  const gpg = program.command('gpg').description('keys that signatures of sources are verified with');
  registerShows(gpg, terminal);
  gpg
    .command('add')
    .description('trust the public keys of an armored file')
    .option('-f, --from <file>', 'armored file; default: standard input')
    .option('--upsert', 'replace keys that are there')
    .addHelpText('after', '\nExample:\n  gpg --armor --export ann@example.com | plumb gpg add')
    .action(async (_options, command: Command) => {
      const { addKeys } = await import('./gpg-keys.ts');
      await addKeys(terminal, command.optsWithGlobals());
    });
  gpg
    .command('rm')
    .description('stop trusting a key')
    .argument('<key-id>')
    .option('-y, --yes', 'do not ask')
    .action(async (id: string, _options, command: Command) => {
      const { removeKey } = await import('./gpg-keys.ts');
      await removeKey(terminal, id, command.optsWithGlobals());
    });
}
