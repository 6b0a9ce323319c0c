import { digestOf } from './digest.ts';
import { createManifestMeter, limitWarnings, type ManifestLimits } from './manifest-limits.ts';
import { recordInputs } from './repository/input-recorder.ts';
import { displayPath } from './repository/paths.ts';
import type { Slots } from './slots.ts';
import type { SourceAtRevision, TypeRenderer } from './type-renderer.ts';
import type { RenderedSource, RenderOptions, SourceType, TracedSource } from './types.ts';

export interface TypedRendering {
  types: Readonly<Record<SourceType, TypeRenderer>>;
  slots: Slots;
  limits: ManifestLimits;
  /** How long (seconds) a render has waited for a free core. */
  onWait: ((seconds: number) => void) | undefined;
}

/** What a source of a type reads, and the digest that is the key of its manifest set. */
export async function traceAs(
  type: SourceType,
  at: SourceAtRevision,
  { types }: Pick<TypedRendering, 'types'>,
): Promise<TracedSource> {
  const recorder = recordInputs(at.view);
  const { facts, tools, momentary } = await types[type].trace(at, recorder);
  const inputs = recorder.inputs();
  const digest = digestOf({ type, path: at.folder.path, inputs, facts, tools });
  return { type, source: at.source, inputs, digest, tools, ...(momentary ? { momentary } : {}) };
}

/** Renders what was traced once a core is free, within the limits of manifests. */
export async function renderTraced(
  at: SourceAtRevision,
  { type, inputs, tools, given }: Pick<TracedSource, 'type' | 'inputs' | 'tools'> & { given: RenderOptions },
  { types, slots, limits, onWait }: TypedRendering,
): Promise<RenderedSource> {
  const asked = performance.now();
  const { objects, warnings } = await slots.run(() => {
    onWait?.((performance.now() - asked) / 1000);
    return types[type].render(at, inputs, { ...given, tools });
  }, given.signal);
  const meter = createManifestMeter(displayPath(at.folder.path), limits);
  for (const object of objects) meter.add(object);
  return { objects, warnings: limitWarnings(warnings) };
}
