import type { ResourceKey } from '@plumbline/manifests';

/** `apps/Deployment/web`, as messages about waiting name an object. */
export function displayKey(key: ResourceKey): string {
  return [key.group, key.kind, key.name].filter((part) => part !== '').join('/');
}

/** `deployment.apps/web`, as kubectl names an object it acted on. */
export function kubectlName(key: ResourceKey): string {
  const kind = key.kind.toLowerCase();
  return key.group ? `${kind}.${key.group}/${key.name}` : `${kind}/${key.name}`;
}

const named = 3;

/** The first few objects and how many more: `a/B/c, a/B/d and 2 more resources`. */
export function listKeys(keys: readonly ResourceKey[], what: 'resources' | 'hooks'): string {
  const shown = keys.slice(0, named).map(displayKey).join(', ');
  const rest = keys.length - named;
  return rest > 0 ? `${shown} and ${rest} more ${what}` : shown;
}
