import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { annotations, ownAnnotations } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { ApiSettings } from '@plumbline/settings';
import type { Store } from '@plumbline/store';
import { type Logger, traceparent } from '@plumbline/telemetry';
import type { ApplicationCache } from '../applications/application-cache.ts';
import { asApplication } from '../applications/application-object.ts';
import { applicationRef } from '../applications/lookup.ts';
import { isAffected } from './affected.ts';
import { mergedEvent, type PushEvent, refKey } from './push-event.ts';

/** Pushes on their way to the Applications. */
export interface WebhookQueue {
  /** Takes a push, unless there are too many: then false. Those of one ref that come together are one. */
  take(event: PushEvent): boolean;
  /** Pushes that wait. */
  waiting(): number;
  close(): Promise<void>;
}

export interface WebhookQueueOptions {
  store: Pick<Store, 'queue' | 'worker'>;
  client: KubeClient;
  /** Of the control plane. */
  namespace: string;
  cache: ApplicationCache;
  settings(): ApiSettings['webhook'];
  logger: Logger;
}

interface Refreshed {
  applications: number;
}

const queueName = 'webhook';
const maxWaiting = 50_000;
/** Pushes that come within this time of each other are looked at together. */
const gatherMs = 100;
const patienceMs = 120_000;
const concurrency = 20;
/** Of one push: thousands of writes at one time would hold everything else up (reference §10.3, server.webhook.refresh.workers). */
const refreshesAtOnce = 20;

/** Asks for a comparison of every Application that a push concerns. */
async function refreshAffected(
  event: PushEvent,
  options: WebhookQueueOptions,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { cache, settings, logger } = options;
  const affected = cache.list().filter((object) => isAffected(asApplication(object), event));
  const { refreshJitterMs, refreshJitterThreshold } = settings();
  const spread = affected.length > refreshJitterThreshold ? refreshJitterMs : 0;
  logger.info('a push concerns Applications', {
    repository: event.urls[0],
    revision: event.revision,
    applications: affected.length,
  });
  const due = affected.map((object) => ({ object, at: performance.now() + Math.random() * spread }));
  due.sort((a, b) => a.at - b.at);
  const next = due.values();
  const work = async () => {
    for (const { object, at } of next) {
      const wait = at - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal });
      await askForRefresh(object, options);
    }
  };
  await Promise.all(Array.from({ length: refreshesAtOnce }, work));
  return { applications: affected.length };
}

async function askForRefresh(
  { metadata }: KubeObject,
  { client, namespace, logger }: WebhookQueueOptions,
): Promise<void> {
  const { name = '', namespace: place = namespace } = metadata;
  const trace = traceparent();
  const notes = { [annotations.refresh]: 'normal', ...(trace ? { [ownAnnotations.traceparent]: trace } : {}) };
  const asked = { metadata: { annotations: notes } };
  try {
    await client.patch(applicationRef({ namespace: place }, name), asked, { type: 'merge' });
  } catch (error) {
    if (!hasCode(error, 'KUBE_NOT_FOUND')) logger.warn('an Application was not refreshed', { name, error });
  }
}

export function createWebhookQueue(options: WebhookQueueOptions): WebhookQueue {
  const { store, logger } = options;
  const queue = store.queue<PushEvent, Refreshed>(queueName);
  const worker = store.worker<PushEvent, Refreshed>(
    queueName,
    (event, { signal }) => refreshAffected(event, options, signal),
    { concurrency },
  );
  const gathering = new Map<string, { event: PushEvent; timer: NodeJS.Timeout }>();
  const handed = new Set<Promise<void>>();

  const hand = (key: string): void => {
    const { event, timer } = gathering.get(key) ?? {};
    clearTimeout(timer);
    gathering.delete(key);
    if (!event) return;
    const id = createHash('sha256').update(JSON.stringify(event)).digest('hex');
    const done = queue.call(id, event, { timeoutMs: patienceMs }).then(
      () => undefined,
      (error: unknown) => logger.error('a push was not worked on', { repository: event.urls[0], error }),
    );
    handed.add(done);
    done.finally(() => handed.delete(done));
  };

  return {
    take(event) {
      if (gathering.size + handed.size >= maxWaiting) return false;
      const key = refKey(event);
      const former = gathering.get(key);
      if (former) former.event = mergedEvent(former.event, event);
      else gathering.set(key, { event, timer: setTimeout(() => hand(key), gatherMs) });
      return true;
    },
    waiting: () => gathering.size + handed.size,
    async close() {
      for (const key of [...gathering.keys()]) hand(key);
      await worker.close();
      await queue.close();
      await Promise.all(handed);
    },
  };
}
