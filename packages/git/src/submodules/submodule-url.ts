import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { type Protocol, protocolOf } from '../repository-url.ts';
import type { SubmoduleEntry } from './parse-gitmodules.ts';

/** What a submodule may use, by what its parent uses: never the engine's own disk, never a weaker transport. */
const allowed: Readonly<Record<Protocol, readonly Protocol[]>> = {
  https: ['https', 'ssh'],
  ssh: ['https', 'ssh'],
  http: ['https', 'ssh', 'http'],
  file: ['https', 'ssh', 'http', 'file'],
};

/** The refusal of a submodule, which names it. */
export function submoduleRefused(parent: string, submodule: SubmoduleEntry, reason: string): PlumblineError {
  const text = `submodule "${submodule.path}" of ${parent} can't be used: ${reason}`;
  return new PlumblineError('GIT_SUBMODULE_REFUSED', text, {
    hint: 'correct .gitmodules, or set reposerver.enable.git.submodule to false in argocd-cmd-params-cm',
    details: { repository: parent, file: '.gitmodules', path: submodule.path, url: submodule.url },
  });
}

/** Each `../` takes a part off, as git does; a path that leaves the host leads nowhere. */
function resolveRelative(parent: string, submodule: SubmoduleEntry): string {
  const [, start = '', path = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*|[^/:]+:)(.*)$/i.exec(parent) ?? [];
  const parts = path.split('/').filter((part) => part !== '');
  for (const part of submodule.url.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined)
      throw submoduleRefused(parent, submodule, `${submodule.url} leads above the host`);
  }
  const slash = start.includes('://') || path.startsWith('/') ? '/' : '';
  return `${start}${slash}${parts.join('/')}`;
}

/**
 * Where a submodule is, from the URL of the repository that declares it. Throws `GIT_SUBMODULE_REFUSED` for anything but
 * https and ssh, where the parent does not use the same itself.
 */
export function submoduleUrl(parent: string, submodule: SubmoduleEntry): string {
  const relative = /^\.{1,2}(\/|$)/.test(submodule.url);
  const written = isAbsolute(submodule.url) ? pathToFileURL(submodule.url).href : submodule.url;
  const url = relative ? resolveRelative(parent, submodule) : written;
  try {
    const protocol = protocolOf(url);
    if (allowed[protocolOf(parent)].includes(protocol)) return url;
    throw submoduleRefused(parent, submodule, `${submodule.url} is not allowed below this repository's protocol`);
  } catch (error) {
    if (!hasCode(error, 'GIT_URL_INVALID')) throw error;
    throw submoduleRefused(parent, submodule, `${submodule.url} is no https or ssh URL`);
  }
}
