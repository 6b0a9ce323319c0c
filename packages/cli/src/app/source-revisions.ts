import { type Application, sourcesOf } from '@plumbline/apis';
import { Fatal } from '../fatal.ts';

/** Flags that name revisions of some of several sources. */
export interface SourceRevisionFlags {
  revisions?: string[];
  /** From 1. */
  sourcePositions?: number[];
  sourceNames?: string[];
}

/** Revisions of some of several sources, by their places. Throws Fatal where a name is unknown or the two do not go together. */
export function sourceRevisions(
  application: Application,
  flags: SourceRevisionFlags,
): { revisions?: string[]; sourcePositions?: number[] } {
  const { revisions, sourceNames = [] } = flags;
  const sources = sourcesOf(application.spec);
  const named = sourceNames.map((wanted) => {
    const index = sources.findIndex(({ name }) => name === wanted);
    if (index >= 0) return index + 1;
    throw new Fatal(`application ${application.metadata.name} has no source "${wanted}"`, {
      next: `its sources are ${sources.map(({ name, repoURL }) => name ?? repoURL).join(', ')}`,
      exitCode: 1,
    });
  });
  const sourcePositions = [...(flags.sourcePositions ?? []), ...named];
  if (!revisions && sourcePositions.length === 0) return {};
  if (revisions?.length === sourcePositions.length) return { revisions, sourcePositions };
  throw new Fatal(`${revisions?.length ?? 0} revisions are given for ${sourcePositions.length} sources`, {
    next: 'give --revisions and --source-positions (or --source-names) equally often',
    exitCode: 1,
  });
}

/** The same for a request of manifests. */
export function manifestRevisions(
  application: Application,
  flags: SourceRevisionFlags,
): { revisions?: string[]; sourcePositions?: string[] } {
  const { revisions, sourcePositions } = sourceRevisions(application, flags);
  return revisions ? { revisions, sourcePositions: (sourcePositions ?? []).map(String) } : {};
}
