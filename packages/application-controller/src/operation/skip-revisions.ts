import { type Application, ownAnnotations } from '@plumbline/apis';
import { type SkipRevisions, skipRevisionsSchema } from '@plumbline/protocol';

/** What the Application's annotation tells automation to leave out; undefined where there is none or it cannot be read. */
export function skippedRevisions({ metadata }: Application): SkipRevisions | undefined {
  const text = metadata.annotations?.[ownAnnotations.skipRevisions];
  if (!text) return undefined;
  try {
    return skipRevisionsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Why automation leaves the revisions out that the sources have now, with who says so and for how long; undefined where
 * it may go on. Another revision, a fix or a revert, is never left out (want 22).
 */
export function skipReason(app: Application, revisions: readonly string[], now: number): string | undefined {
  const skipped = skippedRevisions(app);
  if (!skipped?.revisions.includes(revisions.join(','))) return undefined;
  const { by, reason, since, expires } = skipped;
  if (expires && Date.parse(expires) <= now) return undefined;
  const who = `${by ? ` by ${by}` : ''}${since ? ` since ${since}` : ''}${reason ? `: ${reason}` : ''}`;
  const end = expires ? `, or until ${expires}` : '';
  return `automation skips revision ${revisions.join(', ')} until a later one is there${end}${who ? ` (asked for${who})` : ''}`;
}

/** Milliseconds until the skipping ends by itself; undefined where it does not. */
export function skipEndsIn(app: Application, now: number): number | undefined {
  const { expires } = skippedRevisions(app) ?? {};
  return expires ? Math.max(0, Date.parse(expires) - now) : undefined;
}
