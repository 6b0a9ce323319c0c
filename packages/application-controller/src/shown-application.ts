import type { ResourceKey } from '@plumbline/manifests';

/** A tracking name for people: the namespace outside of the control plane's stands before a slash, as users write it. */
export function shownApplication(application: string): string {
  return application.replace('_', '/');
}

/** That an object belongs to two Applications (reference §3.5). */
export function sharedMessage({ kind, name }: ResourceKey, own: string, other: string): string {
  return `${kind}/${name} is part of applications ${shownApplication(own)} and ${shownApplication(other)}`;
}
