import type { RevisionHistory } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { showObjectHistory } from './object-history.ts';

const short = (revision: string): string => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision);

/** `main (1a2b3c4)`: what was followed, and what it was then. */
function revisionText({ revision, revisions, source, sources }: RevisionHistory): string {
  const all = revisions?.length ? revisions : [revision ?? ''];
  return all
    .map((text, index) => {
      const target = (sources?.[index] ?? source)?.targetRevision ?? '';
      return target && target !== text ? `${target} (${short(text)})` : short(text);
    })
    .join(', ');
}

export interface HistoryOptions extends GlobalOptions {
  output: OutputFormat | 'id';
  resource?: string;
  at?: string;
}

/** `plumb app history`: the deployments that `plumb app rollback` can go back to. */
export async function showHistory(terminal: Terminal, name: string, options: HistoryOptions): Promise<void> {
  if (options.resource) return showObjectHistory(terminal, name, { ...options, resource: options.resource });
  const client = await connect(options);
  const history = (await client.call('getApplication', { params: { name } })).status?.history ?? [];
  const { output } = options;
  if (output === 'json' || output === 'yaml') return printData(terminal, output, history);
  if (output === 'id') {
    terminal.out(history.map(({ id }) => `${id}\n`).join(''));
    return;
  }
  const rows = history.map((entry) => {
    const { username, automated } = entry.initiatedBy ?? {};
    return [String(entry.id), entry.deployedAt, revisionText(entry), username || (automated ? 'automation' : '')];
  });
  terminal.out(table(['ID', 'DATE', 'REVISION', 'BY'], rows));
}

/** `plumb app terminate-op`: ends the operation that is under way. */
export async function terminateOperation(terminal: Terminal, name: string, options: GlobalOptions): Promise<void> {
  await (await connect(options)).call('terminateOperation', { params: { name } });
  terminal.out(`the operation of '${name}' is being ended\n`);
}
