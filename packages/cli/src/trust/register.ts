import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';
import { registerGpg } from './register-gpg.ts';

const output = () =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide');

const certType = () => new Option('--cert-type <type>', 'of this type only').choices(['ssh', 'https']);

function registerAdds(cert: Command, terminal: Terminal): void {
  cert
    .command('add-tls')
    .description('trust a certificate for a host')
    .argument('<host>')
    .option('--from <file>', 'PEM file; default: standard input')
    .option('--upsert', 'replace what is there')
    .action(async (host: string, _options, command: Command) => {
      const { addTls } = await import('./trust.ts');
      await addTls(terminal, host, command.optsWithGlobals());
    });
  cert
    .command('add-ssh')
    .description('trust ssh host keys')
    .option('--batch', 'lines of a known_hosts file')
    .option('--from <file>', 'default: standard input')
    .option('--upsert', 'replace what is there')
    .addHelpText('after', '\nExample:\n  ssh-keyscan git.example.com | plumb cert add-ssh --batch')
    .action(async (_options, command: Command) => {
      const { addSsh } = await import('./trust.ts');
      await addSsh(terminal, command.optsWithGlobals());
    });
}

function registerCert(program: Command, terminal: Terminal): void {
  const cert = program.command('cert').description('keys and certificates by which repositories are known');
  registerAdds(cert, terminal);
  cert
    .command('list')
    .description('list what is trusted')
    .addOption(certType())
    .option('--hostname-pattern <glob>', 'hosts like this')
    .addOption(new Option('--sort <column>', 'order').choices(['hostname', 'type', 'type-desc', 'hostname-desc']))
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listCertificates } = await import('./trust.ts');
      await listCertificates(terminal, command.optsWithGlobals());
    });
  cert
    .command('rm')
    .description('stop trusting')
    .argument('<host>')
    .addOption(certType())
    .option('--cert-sub-type <type>', 'for example ssh-ed25519')
    .action(async (host: string, _options, command: Command) => {
      const { removeCertificates } = await import('./trust.ts');
      await removeCertificates(terminal, host, command.optsWithGlobals());
    });
}

/** `plumb cert` and `plumb gpg`. */
export function registerTrust(program: Command, terminal: Terminal): void {
  registerCert(program, terminal);
  registerGpg(program, terminal);
}
