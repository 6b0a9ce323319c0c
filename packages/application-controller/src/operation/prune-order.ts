import { type Application, type OperationState, ownAnnotations } from '@plumbline/apis';

/** The attempt that waves are kept for. */
function attemptOf({ startedAt, retryCount = 0 }: OperationState): string {
  return `${startedAt}#${retryCount}`;
}

/**
 * The waves of what the attempt had to prune when it began, as the Application keeps them over a restart: what is gone by
 * then still counts for the order of the rest.
 */
export function keptPruneWaves({ metadata }: Application, state: OperationState): number[] {
  const [attempt, waves = ''] = metadata.annotations?.[ownAnnotations.pruneWaves]?.split('=') ?? [];
  if (attempt !== attemptOf(state)) return [];
  return waves.split(',').map(Number).filter(Number.isInteger);
}

/** What the Application is to keep; undefined where there is no order to lose. */
export function pruneWavesNote(
  state: OperationState | undefined,
  attempt: { pruneWaves: readonly number[] } | undefined,
): string | undefined {
  if (!state || !attempt || attempt.pruneWaves.length < 2) return undefined;
  return `${attemptOf(state)}=${attempt.pruneWaves.join(',')}`;
}
