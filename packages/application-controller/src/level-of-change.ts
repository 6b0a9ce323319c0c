import { type Application, annotations, ownAnnotations } from '@plumbline/apis';
import { deepEqual } from '@plumbline/manifests';
import { type Level, levels } from './queue/keyed-queue.ts';

/** How deep a pass a changed Application asks for; undefined = none: only what we write ourselves has changed. */
export function levelOfChange(before: Application | undefined, after: Application): Level | undefined {
  if (!before || before.metadata.uid !== after.metadata.uid) return levels.refresh;
  const changed = (read: (app: Application) => unknown) => !deepEqual(read(before) as never, read(after) as never);
  const annotation = (name: string) => changed((app) => app.metadata.annotations?.[name]);
  if (after.metadata.annotations?.[annotations.refresh] !== undefined && annotation(annotations.refresh))
    return levels.force;
  if (annotation(annotations.skipReconcile)) return levels.force;
  if (changed(sourcesAndDestination)) return levels.force;
  if (after.operation && changed((app) => app.operation)) return levels.force;
  if (isTakenBack(before, after)) return levels.compare;
  if (changed((app) => app.spec) || changed((app) => app.metadata.deletionTimestamp)) return levels.compare;
  if (changed(annotationsOfOthers) || changed((app) => app.metadata.finalizers)) return levels.compare;
  return changed((app) => app.status?.operationState?.phase) ? levels.compare : undefined;
}

/** Whether somebody has taken an operation away while it was under way. */
function isTakenBack(before: Application, after: Application): boolean {
  const { phase } = after.status?.operationState ?? {};
  return (
    before.operation !== undefined && after.operation === undefined && (phase === 'Running' || phase === 'Terminating')
  );
}

/** All annotations but those that the controller takes off itself. */
function annotationsOfOthers({ metadata }: Application): unknown {
  const written: readonly string[] = [
    annotations.refresh,
    ownAnnotations.recentDeletions,
    ownAnnotations.operations,
    ownAnnotations.writes,
    ownAnnotations.pruneWaves,
  ];
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => !written.includes(name)));
}

function sourcesAndDestination({ spec }: Application): unknown {
  const { source, sources, sourceHydrator, destination, project } = spec;
  return { source, sources, sourceHydrator, destination, project };
}
