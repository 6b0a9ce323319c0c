import type { ApiClient } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import type { OutputFormat } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { awaitEnd } from './end-of-operation.ts';

interface RollbackOptions extends GlobalOptions {
  prune?: boolean;
  dryRun?: boolean;
  reason?: string;
  expires?: string;
  async?: boolean;
  /** Seconds; 0 = for ever. */
  timeout: number;
  output: OutputFormat | 'tree=detailed';
}

/** The entry of the history before the newest. Throws Fatal where there is none. */
async function formerId(client: ApiClient, name: string): Promise<number> {
  const history = (await client.call('getApplication', { params: { name } })).status?.history ?? [];
  const former = history.at(-2);
  if (former) return former.id;
  throw new Fatal(`application ${name} has no deployment to go back to`, {
    next: `plumb app history ${name} lists them`,
  });
}

/**
 * `plumb app rollback`: goes back to an entry of the history, the one before the newest by default. Under automation the
 * revisions after it are skipped until something newer is there.
 */
export async function rollbackApp(
  terminal: Terminal,
  name: string,
  options: RollbackOptions & { id: number | undefined },
): Promise<void> {
  const client = await connect(options);
  const { prune, dryRun, reason, expires } = options;
  const id = options.id ?? (await formerId(client, name));
  const flags = { ...(prune ? { prune } : {}), ...(dryRun ? { dryRun } : {}) };
  const why = { ...(reason ? { reason } : {}), ...(expires ? { expires } : {}) };
  await client.call('rollbackApplication', { params: { name }, body: { id, pin: true, ...flags, ...why } });
  if (options.async) {
    terminal.out(`rollback of '${name}' started\n`);
    return;
  }
  const waiting = { client, terminal, name, timeout: options.timeout, output: options.output };
  const next = `plumb app get ${name} --show-operation tells more`;
  await awaitEnd(waiting, { what: 'rollback', next });
}
