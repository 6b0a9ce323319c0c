import { PlumblineError } from '@plumbline/errors';

/** An entry of `images` in a kustomization file. */
export interface KustomizeImage {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
  [other: string]: unknown;
}

/** `[registry[:port]/]name[:tag][@digest]` in its parts, '' where one is missing. */
function splitImage(image: string): { name: string; tag: string; digest: string } {
  const slash = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', slash);
  const beforeDigest = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? '' : image.slice(at + 1);
  const colon = beforeDigest.indexOf(':', slash);
  if (colon < 0) return { name: beforeDigest, tag: '', digest };
  return { name: beforeDigest.slice(0, colon), tag: beforeDigest.slice(colon + 1), digest };
}

/**
 * The entry that `kustomize edit set image` makes of `name:tag`, `name@digest`, `name=new`, `name=new:tag`,
 * `name=new@digest`. Throws `RENDER_INVALID_SOURCE` for anything else.
 */
export function parseImageOverride(override: string): KustomizeImage {
  const separator = override.indexOf('=');
  const key = separator < 0 ? '' : override.slice(0, separator);
  const { name, tag, digest } = splitImage(override.slice(separator + 1));
  if (name === override) {
    throw new PlumblineError('RENDER_INVALID_SOURCE', `kustomize.images: "${override}" is no image override`, {
      hint: 'use name:tag, name@digest, name=newname, name=newname:tag or name=newname@digest',
    });
  }
  return {
    ...(key === '' ? { name } : { name: key, newName: name }),
    ...(tag ? { newTag: tag } : {}),
    ...(digest ? { digest } : {}),
  };
}

const keep = '*';

/** An entry of the same image is replaced, but for the parts that the override names `*`. Sorted by name, as kustomize does. */
export function setImages(existing: readonly KustomizeImage[], overrides: readonly KustomizeImage[]): KustomizeImage[] {
  const images = new Map(overrides.map((image) => [image.name, image]));
  for (const image of existing) {
    const override = images.get(image.name);
    if (!override) images.set(image.name, image);
    else {
      const kept = (['newName', 'newTag', 'digest'] as const).filter((field) => override[field] === keep);
      images.set(image.name, { ...override, ...Object.fromEntries(kept.map((field) => [field, image[field] ?? ''])) });
    }
  }
  return [...images.values()]
    .map(
      (image) =>
        Object.fromEntries(
          Object.entries(image).filter(([, value]) => value !== keep && value !== ''),
        ) as KustomizeImage,
    )
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
