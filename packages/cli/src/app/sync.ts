import type { Application } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { dim } from '../output/paint.ts';
import type { OutputFormat } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { showDifferences } from './diff.ts';
import { awaitEnd } from './end-of-operation.ts';
import { labelledResources } from './labelled-resources.ts';
import { localManifests } from './local/local-manifests.ts';
import { type SelectOptions, selectApps } from './select.ts';
import { type SyncFlags, syncRequest } from './sync-request.ts';
import type { Waiting } from './wait.ts';

interface SyncOptions extends GlobalOptions, SelectOptions, SyncFlags {
  async?: boolean;
  /** Manifests of this machine. */
  local?: string;
  localRepoRoot?: string;
  /** Labels of the objects to sync. */
  label?: string[];
  previewChanges?: boolean;
  assumeYes?: boolean;
  /** Seconds; 0 = for ever. */
  timeout: number;
  output: OutputFormat | 'tree=detailed';
}

type Body = ReturnType<typeof syncRequest>;

/** Manifests of this machine, and the objects that labels choose. */
async function chosen(waiting: Waiting, application: Application, options: SyncOptions): Promise<Partial<Body>> {
  const { local, localRepoRoot, label } = options;
  const manifests = local
    ? { manifests: await localManifests({ ...waiting, application, path: local, root: localRepoRoot }) }
    : {};
  return { ...manifests, ...(label ? { resources: await labelledResources(waiting, label, options) } : {}) };
}

/** Shows what would change, and asks whether to go on. */
async function agreed(waiting: Waiting, application: Application, options: SyncOptions): Promise<boolean> {
  const { terminal } = waiting;
  if (!options.previewChanges) return true;
  const found = await showDifferences({ ...waiting, application }, { ...options, exitCode: false, diffExitCode: 0 });
  if (found === 0) terminal.out(dim('nothing differs\n'));
  if (options.assumeYes || options.promptsEnabled === false) return true;
  return /^y(es)?$/i.test((await terminal.ask('Sync these changes? [y/n] ')).trim());
}

async function syncOne(waiting: Waiting, options: SyncOptions): Promise<void> {
  const { client, terminal, name } = waiting;
  const application = await client.call('getApplication', { params: { name } });
  const body = { ...syncRequest(application, options), ...(await chosen(waiting, application, options)) };
  if (!(await agreed(waiting, application, options))) throw new Fatal(`'${name}' is not synced`, { exitCode: 1 });
  await client.call('syncApplication', { params: { name }, body });
  if (options.async) {
    terminal.out(`sync of '${name}' started\n`);
    return;
  }
  const next = 'mend what the resources above say, then sync again';
  await awaitEnd(waiting, { what: 'sync', next });
}

/** `plumb app sync`: starts an operation for each Application and waits for its end. */
export async function syncApps(terminal: Terminal, names: string[], options: SyncOptions): Promise<void> {
  const client = await connect(options);
  for (const name of await selectApps(client, names, options)) {
    await syncOne({ client, terminal, name, timeout: options.timeout, output: options.output }, options);
  }
}
