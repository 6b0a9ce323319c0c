import type { ResourceKey } from '@plumbline/manifests';
import { displayKey } from '@plumbline/sync';

const shown = 5;

/** The first few objects, and how many more. */
export function named(keys: readonly ResourceKey[]): string {
  const rest = keys.length - shown;
  return `${keys.slice(0, shown).map(displayKey).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
