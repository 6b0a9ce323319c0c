import { type Application, sourcesOf } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { appHeadings, appRow } from '../output/app-rows.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { createScreen } from '../output/screen.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { watchList } from './watch-list.ts';

interface ListOptions extends GlobalOptions {
  output: OutputFormat;
  project?: string[];
  selector?: string;
  repo?: string;
  /** Name or URL of a destination. */
  cluster?: string;
  path?: string;
  watch?: boolean;
}

/** Whether an Application goes to the cluster, and comes from the path, that the flags name. */
function isWanted({ spec }: Application, { cluster, path }: ListOptions): boolean {
  const { server, name } = spec.destination;
  const plain = (url: string | undefined): string => (url ?? '').replace(/\/+$/, '');
  if (cluster !== undefined && name !== cluster && plain(server) !== plain(cluster)) return false;
  return path === undefined || sourcesOf(spec).some((source) => source.path === path);
}

const nameOf = ({ metadata }: Application): string => `${metadata.namespace}/${metadata.name}`;

function listText(items: Application[], output: OutputFormat): string {
  if (output === 'name') return items.map((item) => `${nameOf(item)}\n`).join('');
  return table(
    appHeadings,
    items.map((item) => appRow(item, paint)),
  );
}

/** `plumb app list`. */
export async function listApps(terminal: Terminal, options: ListOptions): Promise<void> {
  const client = await connect(options);
  const { output } = options;
  const query = { projects: options.project, selector: options.selector, repo: options.repo };
  const show = async (all: Application[], draw: (text: string) => void): Promise<void> => {
    const narrowed = options.cluster !== undefined || options.path !== undefined;
    const items = narrowed ? all.filter((item) => isWanted(item, options)) : all;
    if (output === 'json' || output === 'yaml') await printData(terminal, output, items);
    else draw(listText(items, output));
  };
  if (!options.watch) return show((await client.call('listApplications', { query })).items, terminal.out);
  const screen = createScreen(terminal);
  for await (const items of watchList(client, query)) await show(items, screen.show);
}
