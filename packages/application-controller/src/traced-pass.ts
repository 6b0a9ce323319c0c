import { ownAnnotations } from '@plumbline/apis';
import type { Tracing } from '@plumbline/telemetry';
import type { Pass } from './pass.ts';
import { levels } from './queue/keyed-queue.ts';

const levelNames = Object.fromEntries(Object.entries(levels).map(([name, level]) => [level, name]));

/**
 * Runs a pass as a part of the trace that asked for it, a push or a request; the passes that carry on what it began
 * belong to that trace, too.
 */
export async function tracedPass(pass: Pass, tracing: Tracing, run: () => Promise<void>): Promise<void> {
  const { app, runtime, key, level } = pass;
  const asked = app.metadata.annotations?.[ownAnnotations.traceparent];
  const parent = asked ?? (app.operation ? runtime.traceparent : undefined);
  const attributes = { application: key, project: app.spec.project, level: levelNames[level] };
  await tracing.begin('reconcile', { parent, attributes }, run);
  runtime.traceparent = pass.operation ? parent : undefined;
}
