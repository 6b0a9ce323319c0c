import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Application, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import { Fatal } from '../../fatal.ts';
import type { Terminal } from '../../terminal.ts';
import { changedFields } from '../settings/changed-fields.ts';

/** What came of the last comparison of one Application. */
interface Result {
  name: string;
  health: string;
  sync: unknown;
  conditions?: unknown;
}

const refreshAnnotation = 'argocd.argoproj.io/refresh';
const patienceMs = 120_000;
const pauseMs = 500;

async function list(client: KubeClient, namespace: string, labelSelector: string | undefined): Promise<Application[]> {
  const kind = { apiVersion: applicationApiVersion, kind: 'Application', namespace };
  const { items } = await client.list(kind, labelSelector ? { labelSelector } : {});
  return items as unknown as Application[];
}

/** Asks the controller to compare all, and waits until it has. */
async function refreshAll(client: KubeClient, namespace: string, selector: string | undefined): Promise<void> {
  for (const { metadata } of await list(client, namespace, selector)) {
    const ref = { apiVersion: applicationApiVersion, kind: 'Application', namespace, name: metadata.name };
    await client.patch(ref, { metadata: { annotations: { [refreshAnnotation]: 'normal' } } }, { type: 'merge' });
  }
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(pauseMs)) {
    const all = await list(client, namespace, selector);
    if (all.every(({ metadata }) => metadata.annotations?.[refreshAnnotation] === undefined)) return;
  }
  throw new Fatal('the controller has not compared all applications in time', { next: 'does it run?' });
}

/** `plumb admin app get-reconcile-results`: what the comparison of each Application has found, into a file. */
export async function getResults(
  terminal: Terminal,
  path: string,
  options: KubeOptions & { l?: string; o: 'yaml' | 'json'; refresh?: boolean },
): Promise<void> {
  const { client, namespace } = await connectKube(options);
  if (options.refresh) await refreshAll(client, namespace, options.l);
  const applications = (await list(client, namespace, options.l)).map(({ metadata, status }): Result => {
    const { conditions } = status ?? {};
    const sync = { status: status?.sync?.status ?? 'Unknown', revision: status?.sync?.revision };
    const resources = (status?.resources ?? []).map(({ kind, name, status: own }) => ({ kind, name, status: own }));
    const health = status?.health?.status ?? 'Unknown';
    return { name: metadata.name, health, sync: { ...sync, resources }, ...(conditions?.length ? { conditions } : {}) };
  });
  const { dump } = await import('js-yaml');
  const plain: unknown = JSON.parse(JSON.stringify({ applications }));
  const text = options.o === 'json' ? `${JSON.stringify(plain, null, 2)}\n` : dump(plain);
  if (path === '-') terminal.out(text);
  else await writeFile(path, text);
}

async function resultsIn(path: string): Promise<Map<string, Result>> {
  const { load } = await import('js-yaml');
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Fatal(`cannot read ${path}: ${error.message}`, { exitCode: 1 });
  });
  const { applications } = (load(text) ?? {}) as { applications?: Result[] };
  if (!applications)
    throw new Fatal(`${path} holds no results`, {
      next: 'plumb admin app get-reconcile-results writes some',
      exitCode: 1,
    });
  return new Map(applications.map((result) => [result.name, result]));
}

/** `plumb admin app diff-reconcile-results`. */
export async function diffResults(terminal: Terminal, paths: [string, string]): Promise<void> {
  const [before, after] = [await resultsIn(paths[0]), await resultsIn(paths[1])];
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const changed = changedFields(before.get(name), after.get(name));
    if (changed !== '') terminal.out(`===== ${name} =====\n${changed}`);
  }
}
