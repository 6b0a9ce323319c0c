import { PlumblineError } from '@plumbline/errors';
import { selectVersion, versionNotFound } from '../charts/chart-version.ts';
import type { ChartAccess, ChartOptions } from '../charts/types.ts';
import { displayPlace, isConstraint, isReference } from './artifact-reference.ts';
import type { OciManifest } from './content-layer.ts';
import { isNotFound, type OciClient } from './oci-client.ts';
import type { OciPlace } from './registry-requests.ts';

/** A repository of a registry, and how it is asked. */
export interface Asked {
  client: OciClient;
  place: OciPlace;
  access: ChartAccess;
  options: ChartOptions;
}

function repositoryNotFound(place: OciPlace): PlumblineError {
  return new PlumblineError('CHART_NOT_FOUND', `${displayPlace(place)} does not exist in its registry`, {
    hint: 'check repoURL and chart, and that the user of the Secret may see it',
  });
}

/** All tags. Throws `CHART_NOT_FOUND`. */
export function tagsOf({ client, place, access, options }: Asked): Promise<string[]> {
  return client.tags(place, access, options.signal).catch((error: unknown) => {
    throw isNotFound(error) ? repositoryNotFound(place) : error;
  });
}

/** The tag of the highest version that is wanted. */
async function highestVersion(asked: Asked, wanted: string): Promise<string> {
  const versions = (await tagsOf(asked)).map((tag) => tag.replaceAll('_', '+'));
  const selected = selectVersion(versions, wanted);
  if (selected === undefined) throw versionNotFound(displayPlace(asked.place), wanted, versions);
  return selected;
}

/** The version of a chart that is wanted; whether it exists is not asked where one is named. */
export async function chartVersion(asked: Asked, wanted: string): Promise<string> {
  return isConstraint(wanted) ? highestVersion(asked, wanted) : wanted;
}

/** The manifest of one version, tag or digest. Throws `CHART_NOT_FOUND`, `CHART_VERSION_NOT_FOUND`. */
export async function manifestOf({ client, place, access, options }: Asked, version: string): Promise<OciManifest> {
  const reference = version.replaceAll('+', '_');
  if (!isReference(reference)) {
    const problem = `${displayPlace(place)}: "${version}" is no tag, digest or range`;
    throw new PlumblineError('CHART_VERSION_NOT_FOUND', problem);
  }
  try {
    return await client.manifest(place, access, reference, options.signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const tags = await client.tags(place, access, options.signal).catch(() => undefined);
    throw tags ? versionNotFound(displayPlace(place), version, tags) : repositoryNotFound(place);
  }
}

/** The manifest of an artifact. A tag wins over the range that its text could be as well, as `1.2` or `v1` could. */
export async function artifactManifest(asked: Asked, wanted: string): Promise<OciManifest> {
  const text = wanted.trim() || 'latest';
  if (!isConstraint(text)) return manifestOf(asked, text);
  if (isReference(text)) {
    try {
      return await asked.client.manifest(asked.place, asked.access, text, asked.options.signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return manifestOf(asked, await highestVersion(asked, text));
}
