import { hasCode, PlumblineError } from '@plumbline/errors';
import { checkName } from '../network/download-dispatcher.ts';

const scpLike = /^(?:[^/\s@]+@)([^/:\s]+):/;

/** The host that a remote reference names, without brackets; undefined where kustomize knows it by heart (`gh:…`). */
export function remoteHost(reference: string): string | undefined {
  const address = reference.replace(/^git::/i, '');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    // The parser of http URLs writes numbers as dotted addresses, as the resolver will read them.
    const url = address.replace(/^[a-z][a-z0-9+.-]*:/i, 'http:');
    return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : undefined;
  }
  return scpLike.exec(address)?.[1];
}

/**
 * Refuses a reference to a link-local or metadata address, before kustomize opens it. Throws `DOWNLOAD_FORBIDDEN` naming
 * the kustomization and the reference's host.
 */
export async function checkRemote(folder: string, reference: string): Promise<void> {
  const host = remoteHost(reference);
  if (host === undefined || host === '') return;
  try {
    await checkName(host);
  } catch (error) {
    if (!hasCode(error, 'DOWNLOAD_FORBIDDEN')) throw error;
    throw new PlumblineError(error.code, `kustomization of ${folder}: ${error.message}`, {
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
