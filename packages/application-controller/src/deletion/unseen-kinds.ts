import type { Pass } from '../pass.ts';

/** Kinds that the Application uses and the destination does not let us see now: their objects may be there all the same. */
export function unseenKinds({ app, destination }: Pass): string[] {
  const failures = destination?.live.failures();
  if (!failures || failures.size === 0) return [];
  const used = new Set((app.status?.resources ?? []).map(({ group, kind }) => `${group ?? ''}/${kind ?? ''}`));
  return [...failures]
    .filter(([name]) => used.has(name))
    .map(([name, error]) => `objects of ${name.replace(/^\//, '')} cannot be listed: ${error}`)
    .sort();
}
