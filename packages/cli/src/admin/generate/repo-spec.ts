import { Fatal } from '../../fatal.ts';
import { credentialsOf } from '../../repo/credentials.ts';
import type { RepoAddOptions } from '../../repo/repositories.ts';
import type { Terminal } from '../../terminal.ts';
import { secretSpec } from './secret-spec.ts';
import { type SpecOutput, writeSpec } from './write-spec.ts';

/** `plumb admin repo generate-spec`: the Secret that declares a repository. */
export async function generateRepo(
  terminal: Terminal,
  url: string,
  options: RepoAddOptions & SpecOutput,
): Promise<void> {
  if (options.type === 'helm' && !options.name) {
    throw new Fatal('a Helm repository needs a name', { next: 'give it with --name', exitCode: 1 });
  }
  const data = {
    url,
    ...(await credentialsOf(options)),
    name: options.name,
    project: options.project,
    insecure: options.insecureSkipServerVerification,
    insecureIgnoreHostKey: options.insecureIgnoreHostKey,
    enableLfs: options.enableLfs,
    depth: options.depth || undefined,
    webhookManifestCacheWarmDisabled: options.webhookManifestCacheWarmDisabled,
  };
  await writeSpec(terminal, secretSpec({ type: 'repository', prefix: 'repo', address: url, data }), options);
}
