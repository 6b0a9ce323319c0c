import { type Command, Option } from 'commander';
import { sourceFlags } from '../../app/definition/source-flags.ts';
import { specFlags } from '../../app/definition/spec-flags.ts';
import { metadataFlags } from '../../app/metadata-flags.ts';
import { clusterFlags } from '../../cluster/cluster-flags.ts';
import { projectFlags } from '../../project/project-flags.ts';
import { repositoryFlags } from '../../repo/credentials.ts';
import type { Terminal } from '../../terminal.ts';
import { kubeFlags } from '../kube-flags.ts';

const output = (): Option =>
  new Option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml');

const fileFlags = (command: Command): Command =>
  command
    .option('-f, --file <file>', 'what the flags complete')
    .option('-i, --inline', 'write the result back to the file')
    .addOption(output());

/** `plumb admin app generate-spec`. */
export function registerAppSpec(app: Command, terminal: Terminal): void {
  const spec = app.command('generate-spec').description('print an application as YAML').argument('[name]');
  specFlags(sourceFlags(metadataFlags(fileFlags(spec)))).action(
    async (name: string | undefined, _options, command: Command) => {
      const { generateApp } = await import('./app-spec.ts');
      await generateApp(terminal, name, command.optsWithGlobals());
    },
  );
}

/** `plumb admin proj generate-spec` and `generate-allow-list`. */
export function registerProjectSpecs(proj: Command, terminal: Terminal): void {
  const spec = proj.command('generate-spec').description('print a project as YAML').argument('[name]');
  projectFlags(fileFlags(spec)).action(async (name: string | undefined, _options, command: Command) => {
    const { generateProject } = await import('./project-spec.ts');
    await generateProject(terminal, name, command.optsWithGlobals());
  });
  kubeFlags(proj.command('generate-allow-list').description('print a project that permits what a ClusterRole is about'))
    .argument('<cluster-role-file>')
    .argument('<name>')
    .option('-o, --out <file>', 'where to write it', '-')
    .action(async (file: string, name: string, _options, command: Command) => {
      const { generateAllowList } = await import('./allow-list.ts');
      await generateAllowList(terminal, { file, name }, command.optsWithGlobals());
    });
}

/** `plumb admin repo generate-spec`. */
export function registerRepoSpec(repo: Command, terminal: Terminal): void {
  repositoryFlags(repo.command('generate-spec').description('print the Secret of a repository').argument('<url>'))
    .addOption(output())
    .action(async (url: string, _options, command: Command) => {
      const { generateRepo } = await import('./repo-spec.ts');
      await generateRepo(terminal, url, command.optsWithGlobals());
    });
}

/** `plumb admin cluster generate-spec`. */
export function registerClusterSpec(cluster: Command, terminal: Terminal): void {
  clusterFlags(cluster.command('generate-spec').description('print the Secret of a cluster').argument('<context>'))
    .option('--bearer-token <text>', 'token to log in with')
    .option('--generate-bearer-token', 'with a token of the service account')
    .addOption(output())
    .action(async (context: string, _options, command: Command) => {
      const { generateCluster } = await import('./cluster-spec.ts');
      await generateCluster(terminal, context, command.optsWithGlobals());
    });
}
