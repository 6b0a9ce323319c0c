import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import type { OutputFormat } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { localManifests } from './local-manifests.ts';
import { type SelectOptions, selectApps } from './select.ts';
import { type SyncFlags, syncRequest } from './sync-request.ts';
import { follow, printOutcome, type Waiting } from './wait.ts';
import { isIdle } from './wait-state.ts';

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
  // The request cleared the state of earlier operations: a completed one is this one.
  const done = await follow(waiting, (now) =>
    now.status?.operationState && isIdle(now)
      ? { state: 'done' }
      : { state: 'waiting', missing: ['the operation to end'] },
  );
  if (!done) return;
  await printOutcome(waiting, done, options.output);
  const state = done.status?.operationState;
  if (state && state.phase !== 'Succeeded') {
    throw new Fatal(`the sync of ${name} ended as ${state.phase}: ${state.message ?? 'no message'}`, {
      next: 'mend what the resources above say, then sync again',
    });
  }
}

/** `plumb app sync`: starts an operation for each Application and waits for its end. */
export async function syncApps(terminal: Terminal, names: string[], options: SyncOptions): Promise<void> {
  const client = await connect(options);
  for (const name of await selectApps(client, names, options)) {
    await syncOne({ client, terminal, name, timeout: options.timeout }, options);
  }
}
