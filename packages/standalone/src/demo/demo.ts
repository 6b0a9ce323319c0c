import { join } from 'node:path';
import { type Application, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { resolveOptions, type UpOptions } from '../options.ts';
import type { ReadyFile } from '../ready-file.ts';
import { untilSignal } from '../until-signal.ts';
import { startUnlessEnded } from '../up.ts';
import { type ExamplesRepository, makeExamplesRepository, rootApplication } from './examples-repository.ts';
import { isDone, type Row, rowsOf, tableLines } from './status-table.ts';

export interface DemoOptions extends UpOptions {
  /** End when everything is Healthy, with exit code 0, or after the time limit with the reasons and exit code 1. */
  once?: boolean;
}

const timeLimitMs = 180_000;
/** The root and its five children. */
const expectedApplications = 6;

/**
 * `plumb demo`: an installation, a local Git repository made from `examples/`, and the root Application; a table until
 * all is Synced and Healthy, then how to cause drift and watch it heal.
 */
export async function demo(options: DemoOptions): Promise<void> {
  const { say, dataDir, namespace } = resolveOptions(options);
  const ended = untilSignal();
  const installation = await startUnlessEnded({ port: options.once ? 0 : 8080, ...options }, ended);
  if (!installation) return;
  try {
    const repository = await makeExamplesRepository(join(dataDir, 'examples'));
    const root = await rootApplication(repository, namespace);
    await installation.client.apply(root, { fieldManager: 'plumb-demo', force: true });
    say(`examples are in ${repository.folder}; waiting for their Applications`);
    const rows = await watchTable(installation.client, { namespace, say, signal: ended.signal });
    if (isDone(rows, expectedApplications)) sayNext(say, installation.ready, repository);
    else if (!ended.signal.aborted) complain(say, rows);
    if (options.once) process.exitCode = isDone(rows, expectedApplications) ? 0 : 1;
    else await ended.promise;
  } finally {
    await installation.stop();
  }
}

interface Watching {
  namespace: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Shows the table whenever it changes; ends when all is done, when the time is over, or at a signal. */
async function watchTable(client: KubeClient, { namespace, say, signal }: Watching): Promise<Row[]> {
  const apps = new Map<string, Application>();
  const live = process.stderr.isTTY;
  let shown: string[] = [];
  const abort = new AbortController();
  const both = AbortSignal.any([signal, abort.signal, AbortSignal.timeout(timeLimitMs)]);
  const show = () => {
    const rows = rowsOf([...apps.values()]);
    const width = process.stderr.columns ?? Number.POSITIVE_INFINITY;
    const lines = tableLines(rows).map((line) => (live ? line.slice(0, width - 1) : line));
    if (lines.join('\n') !== shown.join('\n')) {
      if (live && shown.length > 0) process.stderr.write(`\u001b[${shown.length}A\u001b[J`);
      for (const line of live ? lines : changedLines(shown, lines)) say(line);
      shown = lines;
    }
    if (isDone(rows, expectedApplications)) abort.abort();
  };
  await client.watch(
    { apiVersion: applicationApiVersion, kind: 'Application', namespace },
    {
      onEvent: ({ type, object }) => {
        if (type === 'DELETED') apps.delete(object.metadata.name ?? '');
        else apps.set(object.metadata.name ?? '', object as unknown as Application);
        show();
      },
      signal: both,
    },
  );
  return rowsOf([...apps.values()]);
}

function changedLines(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((line) => !before.includes(line));
}

function sayNext(say: (line: string) => void, ready: ReadyFile, repository: ExamplesRepository): void {
  const kubectl = `kubectl --kubeconfig ${ready.kubeconfig}`;
  for (const line of [
    '',
    'Everything is Synced and Healthy.',
    `  REST API      ${ready.url}/api/v1/applications`,
    `  log in        plumb login ${ready.url} --username admin --password ${ready.adminPassword}`,
    `  look          plumb app list ; plumb app get guestbook-dev`,
    `  cause drift   ${kubectl} -n guestbook-dev scale deployment frontend --replicas=5`,
    `  watch it heal ${kubectl} -n guestbook-dev get deployment frontend -w`,
    `  change Git    edit ${repository.folder}, commit, then: plumb app get guestbook-dev --refresh`,
  ]) {
    say(line);
  }
}

function complain(say: (line: string) => void, rows: readonly Row[]): void {
  say('');
  say(`Not everything became Synced and Healthy within ${timeLimitMs / 1000} s:`);
  for (const row of rows.filter((item) => item.sync !== 'Synced' || item.health !== 'Healthy')) {
    say(`  ${row.name}: ${row.sync}, ${row.health}${row.detail ? `: ${row.detail}` : ''}`);
  }
  if (rows.length < expectedApplications) say(`  ${rows.length} of ${expectedApplications} Applications exist`);
}
