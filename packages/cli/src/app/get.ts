import { type Application, sourcesOf } from '@plumbline/apis';
import type { ApiClient } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { detailsText } from '../output/app-details.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { createScreen } from '../output/screen.ts';
import { treeText } from '../output/tree-text.ts';
import type { Terminal } from '../terminal.ts';
import { type RefreshOptions, refreshLevel } from './refresh-level.ts';
import { watchApp } from './watch-app.ts';

interface GetOptions extends GlobalOptions, RefreshOptions {
  /** `tree=detailed` is Argo CD's word for what our tree shows anyway. */
  output: OutputFormat | 'tree=detailed';
  showOperation?: boolean;
  showParams?: boolean;
  watch?: boolean;
  /** Which of several sources' parameters: from 1. */
  sourcePosition?: number;
  sourceName?: string;
  /** Seconds; 0 = for ever. */
  timeout: number;
}

interface Shown {
  client: ApiClient;
  name: string;
  now: Date;
}

async function textOf(application: Application, { client, name, now }: Shown, options: GetOptions): Promise<string> {
  const params = { name };
  if (options.output.startsWith('tree')) {
    return treeText(application, await client.call('resourceTree', { params }), { paint, now });
  }
  // The table is worth having without health when the controller does not answer, and without windows for who sees none.
  const [tree, windows] = await Promise.all([
    client.call('resourceTree', { params }).catch(() => undefined),
    client.call('applicationSyncWindows', { params }).catch(() => undefined),
  ]);
  const { showOperation = false, showParams = false } = options;
  const shown = { paint, now, url: client.url, tree, windows, operation: showOperation, parameters: showParams };
  return detailsText(application, { ...shown, source: chosenSource(application, options) });
}

/** Index of the source that the flags name; undefined for all. Throws Fatal where there is no such source. */
function chosenSource({ metadata, spec }: Application, { sourcePosition, sourceName }: GetOptions): number | undefined {
  if (sourcePosition === undefined && sourceName === undefined) return undefined;
  const sources = sourcesOf(spec);
  const index = sourceName ? sources.findIndex(({ name }) => name === sourceName) : (sourcePosition ?? 0) - 1;
  if (sources[index]) return index;
  const known = sources.map(({ name, repoURL }, at) => `${at + 1} ${name ?? repoURL}`).join(', ');
  throw new Fatal(`application ${metadata.name} has no such source`, { next: `its sources are ${known}`, exitCode: 1 });
}

/** `plumb app get`. */
export async function getApp(terminal: Terminal, name: string, options: GetOptions): Promise<void> {
  const client = await connect(options);
  const { output } = options;
  const show = async (application: Application, draw: (text: string) => void): Promise<void> => {
    if (output === 'json' || output === 'yaml') await printData(terminal, output, application);
    else draw(await textOf(application, { client, name, now: terminal.now() }, options));
  };
  const query = { refresh: refreshLevel(options) };
  const { timeout } = options;
  const patience = timeout > 0 ? { signal: AbortSignal.timeout(timeout * 1000) } : {};
  const application = await client.call('getApplication', { params: { name }, query, ...patience }).catch((error) => {
    if (!patience.signal?.aborted) throw error;
    throw new Fatal(`timed out (${timeout} s) waiting for application ${name}`, { next: 'ask without --refresh' });
  });
  if (!options.watch) return show(application, terminal.out);
  const screen = createScreen(terminal);
  for await (const next of watchApp(client, name, new AbortController().signal)) {
    if (next) await show(next, screen.show);
    else terminal.out(`application '${name}' is gone\n`);
  }
}
