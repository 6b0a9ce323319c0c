import { connect, type GlobalOptions } from '../config/connect.ts';
import type { OutputFormat } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { awaitEnd } from './end-of-operation.ts';
import { localManifests } from './local-manifests.ts';
import { type SelectOptions, selectApps } from './select.ts';
import { type SyncFlags, syncRequest } from './sync-request.ts';
import type { Waiting } from './wait.ts';

export interface SyncOptions extends GlobalOptions, SelectOptions, SyncFlags {
  async?: boolean;
  /** Manifests of this machine. */
  local?: string;
  /** Seconds; 0 = for ever. */
  timeout: number;
  output: OutputFormat;
}

async function syncOne(waiting: Waiting, options: SyncOptions): Promise<void> {
  const { client, terminal, name } = waiting;
  const application = await client.call('getApplication', { params: { name } });
  const manifests = options.local ? { manifests: await localManifests(options.local) } : {};
  const body = { ...syncRequest(application, options), ...manifests };
  await client.call('syncApplication', { params: { name }, body });
  if (options.async) {
    terminal.out(`sync of '${name}' started\n`);
    return;
  }
  const next = 'mend what the resources above say, then sync again';
  await awaitEnd(waiting, { what: 'sync', output: options.output, next });
}

/** `plumb app sync`: starts an operation for each Application and waits for its end. */
export async function syncApps(terminal: Terminal, names: string[], options: SyncOptions): Promise<void> {
  const client = await connect(options);
  for (const name of await selectApps(client, names, options)) {
    await syncOne({ client, terminal, name, timeout: options.timeout }, options);
  }
}
