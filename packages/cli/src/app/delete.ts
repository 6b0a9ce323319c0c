import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import type { Terminal } from '../terminal.ts';
import { type SelectOptions, selectApps } from './select.ts';
import { waitDeleted } from './wait.ts';

interface DeleteOptions extends GlobalOptions, SelectOptions {
  cascade: boolean;
  propagationPolicy?: string;
  yes?: boolean;
  wait?: boolean;
}

/** `plumb app delete`. */
export async function deleteApps(terminal: Terminal, names: string[], options: DeleteOptions): Promise<void> {
  const client = await connect(options);
  const { cascade, propagationPolicy } = options;
  for (const name of await selectApps(client, names, options)) {
    const what = cascade ? 'and all its resources' : 'and keep its resources';
    if (!(await confirm(terminal, `Delete '${name}' ${what}?`, options))) {
      terminal.out(`'${name}' is left alone\n`);
      continue;
    }
    const query = { cascade, ...(cascade && propagationPolicy ? { propagationPolicy } : {}) };
    await client.call('deleteApplication', { params: { name }, query });
    if (options.wait) await waitDeleted({ client, terminal, name, timeout: 0, output: 'wide' });
    else terminal.out(`deletion of '${name}' started\n`);
  }
}
