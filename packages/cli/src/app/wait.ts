import type { Application } from '@plumbline/apis';
import { type ApiClient, ApiError } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { operationText, resourcesText } from '../output/app-details.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { treeText } from '../output/tree-text.ts';
import type { Terminal } from '../terminal.ts';
import { createProgress } from './progress.ts';
import { type SelectOptions, selectApps } from './select.ts';
import { waitForResources } from './wait-resources.ts';
import { type WaitFor, type WaitVerdict, waitFor, waitVerdict } from './wait-state.ts';
import { watchApp } from './watch-app.ts';

interface WaitOptions extends GlobalOptions, SelectOptions, Partial<WaitFor> {
  delete?: boolean;
  resource?: string[];
  /** Seconds; 0 = for ever. */
  timeout: number;
  output: OutputFormat | 'tree=detailed';
}

export interface Waiting {
  client: ApiClient;
  terminal: Terminal;
  name: string;
  /** Seconds; 0 = for ever. */
  timeout: number;
  /** What is printed at the end: what programs read stands alone on standard output. */
  output: OutputFormat | 'tree=detailed';
}

/**
 * Follows an Application, showing its progress, until the verdict is done; answers it as it is then, `undefined` where it
 * was deleted. Throws Fatal on failure, on time-out, and when it is deleted unless `gone` says that this is the end.
 */
export async function follow(
  { client, terminal, name, timeout, output }: Waiting,
  verdictOf: (application: Application) => WaitVerdict,
  gone?: 'expected',
): Promise<Application | undefined> {
  const signal = timeout > 0 ? AbortSignal.timeout(timeout * 1000) : new AbortController().signal;
  const progress = createProgress(terminal, output);
  let verdict: WaitVerdict = { state: 'waiting', missing: ['an answer of the server'] };
  try {
    for await (const application of watchApp(client, name, signal)) {
      if (!application) {
        if (gone) return undefined;
        throw new Fatal(`application ${name} was deleted`);
      }
      progress.show(application);
      verdict = verdictOf(application);
      if (verdict.state === 'done') return application;
      if (verdict.state === 'failed') break;
    }
  } finally {
    progress.end();
  }
  const next = `plumb app get ${name} --show-operation tells more`;
  if (verdict.state === 'failed') throw new Fatal(`application ${name}: ${verdict.reason}`, { next });
  const missing = verdict.state === 'waiting' ? verdict.missing.join(', ') : '';
  throw new Fatal(`timed out (${timeout} s) waiting for application ${name}: missing ${missing}`, { next });
}

/** Prints an Application after it has been followed. */
export async function printOutcome(
  { client, terminal, name, output }: Waiting,
  application: Application,
): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    await printData(terminal, output, application);
    return;
  }
  const tree = await client.call('resourceTree', { params: { name } }).catch(() => undefined);
  if (tree && output.startsWith('tree')) {
    terminal.out(treeText(application, tree, { paint, now: terminal.now() }));
    return;
  }
  const { status } = application;
  terminal.out(`\nName:               ${name}\n`);
  terminal.out(`Sync Status:        ${paint(status?.sync?.status ?? 'Unknown')}\n`);
  terminal.out(`Health Status:      ${paint(status?.health?.status ?? 'Unknown')}\n`);
  const operation = operationText(status?.operationState, { paint, now: terminal.now() });
  if (operation) terminal.out(`\n${operation}`);
  const resources = resourcesText(application, { paint, tree });
  if (resources) terminal.out(`\n${resources}`);
}

/** `plumb app wait`. */
export async function waitApps(terminal: Terminal, names: string[], options: WaitOptions): Promise<void> {
  const client = await connect(options);
  const wanted = waitFor(options);
  for (const name of await selectApps(client, names, options)) {
    const { timeout, output } = options;
    const waiting = { client, terminal, name, timeout, output };
    if (options.delete) {
      await waitDeleted(waiting);
      continue;
    }
    const { resource: texts = [] } = options;
    const application =
      texts.length > 0
        ? await waitForResources(waiting, { wanted, texts })
        : await follow(waiting, (now) => waitVerdict(now, wanted));
    if (application) await printOutcome(waiting, application);
  }
}

/** Waits until an Application is gone; one that never was is gone. */
export async function waitDeleted(waiting: Waiting): Promise<void> {
  const { client, name, terminal } = waiting;
  const { items } = await client.call('listApplications', { query: { name, fields: 'items.metadata.name' } });
  if (items.length > 0) {
    const verdict = (): WaitVerdict => ({ state: 'waiting', missing: ['the deletion'] });
    await follow(waiting, verdict, 'expected').catch((error: unknown) => {
      // It was there a moment ago: it went before it could be followed.
      if (!(error instanceof ApiError) || ![403, 404].includes(error.status)) throw error;
    });
  }
  terminal.out(`application '${name}' deleted\n`);
}
