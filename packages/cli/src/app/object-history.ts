import type { ObjectHistoryEntry } from '@plumbline/protocol';
import { connect } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import type { HistoryOptions } from './history.ts';
import { parseResource } from './resource-choice.ts';

const short = (revision: string): string => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision);

const words = { apply: 'applied', prune: 'pruned', 'hand-over': 'handed over' } as const;

function whatText({ action, before, after, error }: ObjectHistoryEntry): string {
  if (!action) return 'perhaps: not all writes of this operation are kept';
  if (error) return `refused: ${error}`;
  if (action === 'apply' && !before) return 'created';
  return before === after ? `${words[action]}, unchanged` : words[action];
}

/** `plumb app history --resource`: which operations wrote an object, who began them, and by which digests it changed. */
export async function showObjectHistory(
  terminal: Terminal,
  application: string,
  options: HistoryOptions & { resource: string },
): Promise<void> {
  const { group, kind, namespace, name } = parseResource(options.resource);
  const client = await connect(options);
  const { at, output } = options;
  const query = { group, kind, resourceName: name, ...(namespace ? { namespace } : {}), ...(at ? { at } : {}) };
  const { entries } = await client.call('objectHistory', { params: { name: application }, query });
  if (output === 'json' || output === 'yaml') return printData(terminal, output, entries);
  if (entries.length === 0)
    throw new Fatal(
      `no operation of ${application} that is kept wrote ${options.resource}${at ? ` before ${at}` : ''}`,
      {
        next: `plumb app history ${application} lists its deployments`,
      },
    );
  const rows = entries.map((entry) => [
    entry.startedAt,
    entry.by ?? '',
    (entry.revisions ?? []).map(short).join(', '),
    whatText(entry),
    `${entry.before ?? '-'} → ${entry.after ?? '-'}`,
    entry.phase ?? '',
  ]);
  terminal.out(table(['DATE', 'BY', 'REVISION', 'DONE', 'DIGESTS', 'OPERATION'], rows));
}
