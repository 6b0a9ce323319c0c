/** How a plugin says which sources are its own (reference §7.5). */
export type PluginDiscovery =
  | { kind: 'none' }
  | { kind: 'fileName'; pattern: string }
  | { kind: 'glob'; pattern: string }
  | { kind: 'command' };

/**
 * What of the repository a plugin gets and may depend on: all of it, as in Argo CD, or the source's folder alone. With the
 * folder alone, commits that leave it alone render nothing, and the commands don't learn the revision.
 */
export type PluginInputs = 'repository' | 'source';

/** What a plugin server tells about its plugin. */
export interface PluginDescription {
  name: string;
  /** '' where it has none. */
  version: string;
  /** Of its configuration: equal digests render equally. */
  digest: string;
  discovery: PluginDiscovery;
  inputs: PluginInputs;
  /** `provideGitCreds`: its commands get the access to the source's repository. */
  credentials: boolean;
}

/** `<name>`, or `<name>-<version>`: how sources and sockets name a plugin. */
export function fullName({ name, version }: Pick<PluginDescription, 'name' | 'version'>): string {
  return version === '' ? name : `${name}-${version}`;
}
