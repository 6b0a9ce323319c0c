import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';
import { credentialFlags, repositoryFlags } from './credentials.ts';

const output = () =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'url', 'json', 'yaml']).default('wide');
const project = '--project <name>';

function registerRepo(program: Command, terminal: Terminal): void {
  const repo = program.command('repo').description('repositories that applications come from');
  repositoryFlags(repo.command('add').description('declare a repository').argument('<url>'))
    .option('--upsert', 'replace what is declared already')
    .addHelpText('after', '\nExample:\n  plumb repo add https://git.example.com/org/repo --username bot --password …')
    .action(async (url: string, _options, command: Command) => {
      const { addRepository } = await import('./repositories.ts');
      await addRepository(terminal, url, command.optsWithGlobals());
    });
  repo
    .command('list')
    .description('list repositories and whether they can be read')
    .option(project, 'of this project')
    .option('--refresh <level>', 'hard: try the connections again')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listRepositories } = await import('./repositories.ts');
      await listRepositories(terminal, command.optsWithGlobals());
    });
  repo
    .command('get')
    .description('show a repository')
    .argument('<url>')
    .option(project, 'of this project')
    .option('--refresh <level>', 'hard: try the connection again')
    .addOption(output())
    .action(async (url: string, _options, command: Command) => {
      const { getRepository } = await import('./repositories.ts');
      await getRepository(terminal, url, command.optsWithGlobals());
    });
  repo
    .command('rm')
    .description('forget repositories')
    .argument('<urls...>')
    .option(project, 'of this project')
    .action(async (urls: string[], _options, command: Command) => {
      const { removeRepositories } = await import('./repositories.ts');
      await removeRepositories(terminal, urls, command.optsWithGlobals());
    });
}

function registerCredentials(program: Command, terminal: Terminal): void {
  const creds = program.command('repocreds').description('credentials for all repositories below a URL');
  credentialFlags(creds.command('add').description('declare credentials').argument('<url>'))
    .option('--upsert', 'replace what is declared already')
    .action(async (url: string, _options, command: Command) => {
      const { addCredentials } = await import('./repositories.ts');
      await addCredentials(terminal, url, command.optsWithGlobals());
    });
  creds
    .command('list')
    .description('list what credentials are for')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listCredentials } = await import('./repositories.ts');
      await listCredentials(terminal, command.optsWithGlobals());
    });
  creds
    .command('rm')
    .description('forget credentials')
    .argument('<urls...>')
    .action(async (urls: string[], _options, command: Command) => {
      const { removeCredentials } = await import('./repositories.ts');
      await removeCredentials(terminal, urls, command.optsWithGlobals());
    });
}

/** `plumb repo` and `plumb repocreds`. */
export function registerRepositories(program: Command, terminal: Terminal): void {
  registerRepo(program, terminal);
  registerCredentials(program, terminal);
}
