import { type KubeObject, parseYaml, toYaml } from '@plumbline/manifests';
import { isMembers } from './kustomization.ts';
import { type Realm, realmFolder } from './realm.ts';

const originKey = 'config.kubernetes.io/origin';
const transformationsKey = 'alpha.config.kubernetes.io/transformations';

/** A path of a local copy as kustomize writes it, and the repository that it is of. */
function splitLocal(path: unknown, realms: readonly Realm[]): { realm: Realm; path: string } | undefined {
  if (typeof path !== 'string') return undefined;
  const bare = path.replace(/^(?:\.\.\/)+/, '');
  for (const realm of realms) {
    const folder = `${realmFolder(realm)}/`;
    if (realm.id !== '' && bare.startsWith(folder)) return { realm, path: bare.slice(folder.length) };
  }
  return undefined;
}

/** An origin with the repository named in place of the local copy. */
function restoreOrigin(origin: unknown, realms: readonly Realm[]): unknown {
  if (!isMembers(origin)) return origin;
  const { path, configuredIn, ...rest } = origin;
  const file = splitLocal(path, realms);
  const configuration = splitLocal(configuredIn, realms);
  const source = (file ?? configuration)?.realm.source;
  if (!source) return origin;
  return {
    ...(path === undefined ? {} : { path: file?.path ?? path }),
    repo: source.repo,
    ...(source.ref === undefined ? {} : { ref: source.ref }),
    ...(configuredIn === undefined ? {} : { configuredIn: configuration?.path ?? configuredIn }),
    ...rest,
  };
}

function restoreText(text: string, realms: readonly Realm[]): string {
  const value = parseYaml(text, { file: 'origin' });
  const restored = Array.isArray(value)
    ? value.map((origin: unknown) => restoreOrigin(origin, realms))
    : restoreOrigin(value, realms);
  return toYaml(restored);
}

/**
 * The objects with the annotations of `buildMetadata` as kustomize writes them where it clones by itself: naming
 * repository and ref of a remote base.
 */
export function restoreOrigins(objects: readonly KubeObject[], realms: readonly Realm[]): KubeObject[] {
  return objects.map((object) => {
    const { annotations } = object.metadata;
    const marked = [originKey, transformationsKey].filter((key) => annotations?.[key]?.includes('remote/'));
    if (!annotations || marked.length === 0) return object;
    const restored = Object.fromEntries(marked.map((key) => [key, restoreText(annotations[key] ?? '', realms)]));
    return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...restored } } };
  });
}
