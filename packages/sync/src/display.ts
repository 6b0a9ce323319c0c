import type { ResourceKey } from '@plumbline/manifests';

/** `apps/Deployment/web`, `Service/web`: an object for people. */
export function displayKey(key: ResourceKey): string {
  return [key.group, key.kind, key.name].filter((part) => part !== '').join('/');
}

/** `apps/Deployment/web`, `/Service/web`: as Argo CD's operation messages name an object, which tools match on (reference §2.2). */
export function operationKey({ group, kind, name }: ResourceKey): string {
  return `${group}/${kind}/${name}`;
}

/** `deployment.apps/web`, as kubectl names an object it acted on. */
export function kubectlName(key: ResourceKey): string {
  const kind = key.kind.toLowerCase();
  return key.group ? `${kind}.${key.group}/${key.name}` : `${kind}/${key.name}`;
}

const named = 3;

/** The first few objects and how many more: `a/B/c, a/B/d and 2 more resources`. */
export function listKeys(keys: readonly ResourceKey[], what: 'resources' | 'hooks'): string {
  const shown = keys.slice(0, named).map(operationKey).join(', ');
  const rest = keys.length - named;
  return rest > 0 ? `${shown} and ${rest} more ${what}` : shown;
}
