import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '@plumbline/apis';
import type { ResourceTree } from '@plumbline/protocol';
import { Fatal } from '../fatal.ts';
import { resourceRows } from '../output/resource-rows.ts';
import { createProgress } from './progress.ts';
import { resourceFilter } from './resource-choice.ts';
import type { Waiting } from './wait.ts';
import { isIdle, type WaitFor, type WaitVerdict } from './wait-state.ts';

const pauseMs = 1_000;

/** Compares the objects that `--resource` chooses with what is waited for. */
export function resourcesVerdict(
  application: Application,
  tree: ResourceTree | undefined,
  { wanted, texts }: { wanted: WaitFor; texts: string[] },
): WaitVerdict {
  const rows = resourceRows(application, tree).filter(resourceFilter(texts));
  const healths = [
    ...(wanted.health ? ['Healthy'] : []),
    ...(wanted.suspended ? ['Suspended'] : []),
    ...(wanted.degraded ? ['Degraded'] : []),
  ];
  const idle = isIdle(application);
  const missing = rows.length === 0 ? [`a resource that matches ${texts.join(', ')}`] : [];
  if (wanted.operation && !idle) missing.push('the operation to end');
  for (const { kind, name, status, health } of rows) {
    if (health === 'Degraded' && healths.length > 0 && !wanted.degraded && idle) {
      return { state: 'failed', reason: `the health of ${kind} ${name} is Degraded` };
    }
    if (wanted.sync && status !== 'Synced') missing.push(`${kind} ${name} Synced (is ${status || 'Unknown'})`);
    // What has no health, as a ConfigMap, is as well as it can be.
    if (healths.length > 0 && health !== '' && !healths.includes(health)) {
      missing.push(`${kind} ${name} ${healths.join(' or ')} (is ${health})`);
    }
  }
  return missing.length > 0 ? { state: 'waiting', missing } : { state: 'done' };
}

/** The tree, or why it cannot be read now. */
interface TreeReading {
  tree?: ResourceTree;
  problem?: string;
}

async function readTree(client: Waiting['client'], name: string): Promise<TreeReading> {
  try {
    return { tree: await client.call('resourceTree', { params: { name } }) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** As {@link resourcesVerdict}; where the tree cannot be read nobody knows of any health, which is not to be well. */
export function verdictOn(
  application: Application,
  { tree, problem }: TreeReading,
  asked: { wanted: WaitFor; texts: string[] },
): WaitVerdict {
  const { health, suspended, degraded } = asked.wanted;
  if (problem !== undefined && (health || suspended || degraded)) {
    return { state: 'waiting', missing: [`the health of its objects (${problem})`] };
  }
  return resourcesVerdict(application, tree, asked);
}

/**
 * Waits until the objects that `--resource` chooses are as wanted. The health of one object may change without a change of
 * the Application: it is asked for again and again. Throws Fatal on failure and on time-out.
 */
export async function waitForResources(
  { client, terminal, name, timeout, output }: Waiting,
  asked: { wanted: WaitFor; texts: string[] },
): Promise<Application> {
  const deadline = timeout > 0 ? Date.now() + timeout * 1000 : Number.POSITIVE_INFINITY;
  const progress = createProgress(terminal, output);
  const next = `plumb app resources ${name} tells more`;
  try {
    for (;;) {
      const params = { name };
      const application = await client.call('getApplication', { params });
      const { tree, problem } = await readTree(client, name);
      progress.show(application);
      const verdict = verdictOn(application, { tree, problem }, asked);
      if (verdict.state === 'done') return application;
      if (verdict.state === 'failed') throw new Fatal(`application ${name}: ${verdict.reason}`, { next });
      if (Date.now() >= deadline) {
        const missing = verdict.missing.join(', ');
        throw new Fatal(`timed out (${timeout} s) waiting for application ${name}: missing ${missing}`, { next });
      }
      await sleep(Math.min(pauseMs, Math.max(0, deadline - Date.now())));
    }
  } finally {
    progress.end();
  }
}
