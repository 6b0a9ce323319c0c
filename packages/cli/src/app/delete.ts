import { connect, type GlobalOptions } from '../config/connect.ts';
import type { Terminal } from '../terminal.ts';
import { type SelectOptions, selectApps } from './select.ts';
import { waitDeleted } from './wait.ts';

export interface DeleteOptions extends GlobalOptions, SelectOptions {
  cascade: boolean;
  propagationPolicy?: string;
  yes?: boolean;
  wait?: boolean;
}

/** Asks on a terminal; anything but yes is no. Scripts are taken at their word. */
async function confirmed(terminal: Terminal, name: string, options: DeleteOptions): Promise<boolean> {
  if (options.yes || !terminal.interactive) return true;
  const what = options.cascade ? 'and all its resources' : 'and keep its resources';
  const answer = await terminal.ask(`Delete '${name}' ${what}? [y/n] `);
  return /^y(es)?$/i.test(answer.trim());
}

/** `plumb app delete`. */
export async function deleteApps(terminal: Terminal, names: string[], options: DeleteOptions): Promise<void> {
  const client = await connect(options);
  const { cascade, propagationPolicy } = options;
  for (const name of await selectApps(client, names, options)) {
    if (!(await confirmed(terminal, name, options))) {
      terminal.out(`'${name}' is left alone\n`);
      continue;
    }
    const query = { cascade, ...(cascade && propagationPolicy ? { propagationPolicy } : {}) };
    await client.call('deleteApplication', { params: { name }, query });
    if (options.wait) await waitDeleted({ client, terminal, name, timeout: 0 });
    else terminal.out(`deletion of '${name}' started\n`);
  }
}
