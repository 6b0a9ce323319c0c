/** What a Git host, or a registry, says that has changed. Identifiers only. */
export interface PushEvent {
  /** Addresses of the repository, in any form. */
  urls: string[];
  /** Name of the branch or tag. */
  revision: string;
  /** Whether it is the default branch; a host that does not say is believed to mean it. */
  touchesHead: boolean;
  /** Paths from the root; undefined where the host does not say. */
  files?: string[] | undefined;
  /** It is an image or chart in a registry. */
  artifact?: true;
}

/** One event of two for the same ref: what one does not know, neither does the other's sum. */
export function mergedEvent(a: PushEvent, b: PushEvent): PushEvent {
  const files = a.files && b.files ? [...new Set([...a.files, ...b.files])] : undefined;
  return { ...a, touchesHead: a.touchesHead || b.touchesHead, files };
}

/** Equal for events of one ref of one repository. */
export function refKey({ urls, revision, artifact = undefined }: PushEvent): string {
  return JSON.stringify([[...urls].sort(), revision, artifact ?? false]);
}

/** `refs/heads/main` → `main`. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
