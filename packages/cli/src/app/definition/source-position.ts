import { type ApplicationSource, type ApplicationSpec, hasMultipleSources } from '@plumbline/apis';
import { Fatal } from '../../fatal.ts';

/** Which of several sources is meant. */
export interface SourceChoice {
  /** From 1. */
  sourcePosition?: number;
  sourceName?: string;
}

/** Index of the chosen source; -1 for the only one. Throws Fatal where none or no unambiguous one is chosen. */
function indexOf(spec: ApplicationSpec, { sourcePosition, sourceName }: SourceChoice): number {
  if (!hasMultipleSources(spec)) {
    if (sourcePosition === undefined || sourcePosition === 1) return -1;
    throw new Fatal(`there is no source ${sourcePosition}: the application has one`, { exitCode: 1 });
  }
  const sources = spec.sources ?? [];
  const index = sourceName ? sources.findIndex(({ name }) => name === sourceName) : (sourcePosition ?? 0) - 1;
  if (sources[index]) return index;
  const names = sources.map(({ name, repoURL }, at) => `${at + 1} ${name ?? repoURL}`).join(', ');
  throw new Fatal(`which source? The application has ${names}`, {
    next: 'choose one with --source-position or --source-name',
    exitCode: 1,
  });
}

/** The spec with one source changed, the chosen one where there are several. */
export function withSource(
  spec: ApplicationSpec,
  choice: SourceChoice,
  change: (source: ApplicationSource) => ApplicationSource,
): ApplicationSpec {
  const index = indexOf(spec, choice);
  if (index < 0) return { ...spec, source: change(spec.source ?? { repoURL: '' }) };
  return { ...spec, sources: (spec.sources ?? []).map((source, at) => (at === index ? change(source) : source)) };
}

/** The spec with one more source; a single one becomes the first of several. */
export function withAddedSource(spec: ApplicationSpec, added: ApplicationSource): ApplicationSpec {
  const { source, ...rest } = spec;
  return { ...rest, sources: [...(spec.sources ?? (source ? [source] : [])), added] };
}

/** The spec without the chosen one of several sources. */
export function withoutSource(spec: ApplicationSpec, choice: SourceChoice): ApplicationSpec {
  const index = indexOf(spec, choice);
  if (index < 0 || (spec.sources ?? []).length < 2) throw new Fatal('an application needs a source: this is its last');
  return { ...spec, sources: (spec.sources ?? []).filter((_, at) => at !== index) };
}
