import type { Logger } from '@plumbline/telemetry';
import type { LiveParts } from '../live-parts.ts';
import type { LiveState, LiveStateOptions } from '../types.ts';
import { audit } from './audit.ts';

const defaultAuditMs = 12 * 3_600_000;

/**
 * Compares live state with fresh lists every so often, each time a little earlier or later, so that many clusters do not do
 * so at once. Returns how to do so now; a call while one is under way joins it.
 */
export function startAudits(
  { objects, watches, stop }: LiveParts,
  { client, logger, metrics, auditMs = defaultAuditMs, auditGraceMs }: LiveStateOptions & { logger: Logger },
): LiveState['audit'] {
  const lies = metrics?.counter({
    name: 'plumbline_live_state_healed_total',
    help: 'Watches that had missed changes, as a comparison with a fresh list found out',
    labels: ['server', 'kind'],
  });
  let running: Promise<readonly string[]> | undefined;
  const run = (): Promise<readonly string[]> => {
    running ??= audit({
      client,
      index: objects.index,
      kinds: () => watches.synced(),
      reread: (resource) => watches.restart(resource),
      isGone: (uid) => objects.isGone(uid),
      onLie: (kind) => lies?.inc({ server: client.server, kind }),
      logger,
      signal: stop.signal,
      ...(auditGraceMs === undefined ? {} : { graceMs: auditGraceMs }),
    }).finally(() => {
      running = undefined;
    });
    return running;
  };
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    if (auditMs <= 0 || stop.signal.aborted) return;
    timer = setTimeout(() => void run().finally(schedule), auditMs * (0.9 + Math.random() * 0.2)).unref();
  };
  schedule();
  stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return run;
}
