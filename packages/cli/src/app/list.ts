import { connect, type GlobalOptions } from '../config/connect.ts';
import { appHeadings, appRow } from '../output/app-rows.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

export interface ListOptions extends GlobalOptions {
  output: OutputFormat;
  project?: string[];
  selector?: string;
  repo?: string;
}

/** `plumb app list`. */
export async function listApps(terminal: Terminal, options: ListOptions): Promise<void> {
  const client = await connect(options);
  const query = { projects: options.project, selector: options.selector, repo: options.repo };
  const { items } = await client.call('listApplications', { query });
  switch (options.output) {
    case 'json':
    case 'yaml':
      return printData(terminal, options.output, items);
    case 'name':
      terminal.out(items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}\n`).join(''));
      return;
    case 'wide':
    case 'tree':
      terminal.out(
        table(
          appHeadings,
          items.map((item) => appRow(item, paint)),
        ),
      );
  }
}
