import { hasCode } from '@plumbline/errors';
import type { ResolveRequest, ResolveResult } from '@plumbline/render';
import type { FailureMemory } from './failure-memory.ts';

/** The server does not answer, or not us: whatever revision is asked for, it is the same until something changes. */
const ofServer = ['GIT_UNREACHABLE', 'GIT_AUTHENTICATION', 'GIT_HOST_KEY'];

/**
 * Resolves, but asks a server that did not answer, or refused the credentials, no more than once in 1, 2, 4 … 60 s for all
 * Applications of a project that use the repository; in between they are told its failure again. `fresh` asks at once.
 */
export function withRemoteBackoff(
  failures: FailureMemory,
  resolve: (request: ResolveRequest, signal: AbortSignal) => Promise<ResolveResult>,
): (request: ResolveRequest, signal: AbortSignal) => Promise<ResolveResult> {
  return async (request, signal) => {
    const key = `remote ${request.project} ${request.repoURL}`;
    if (!request.fresh) failures.check(key);
    return failures.attempt(key, () => resolve(request, signal), {
      revision: request.targetRevision || 'HEAD',
      signal,
      remembers: (error) => ofServer.some((code) => hasCode(error, code)),
    });
  };
}
