import { mirrorBroken, mirrorClosed, remoteFailure, remoteTimeout, saysDamaged } from '../git-errors.ts';
import type { RepositoryAccess } from '../types.ts';
import type { CredentialMode, GitAccess } from './access-files.ts';
import { followRedirects, guardedEnvironment } from './foreign-remote.ts';
import { GitFailure, runGit } from './run-git.ts';

interface RemoteGitOptions {
  access: RepositoryAccess;
  files: GitAccess;
  git: string;
  /** A look takes at most this time (ms). */
  lookTimeoutMs: number;
  /** A fetch takes at most this time (ms). */
  fetchTimeoutMs: number;
  /** Ends with the mirror. */
  signal: AbortSignal;
}

/** What is done with the remote, as errors say it. */
type RemoteAction = 'list the refs of' | 'fetch from';

/** git commands that talk to the remote. */
export interface RemoteGit {
  /**
   * Runs git with the words that `wordsFor` makes of the address: that of the repository, or what its redirects led to. Throws what
   * git's words mean, with the repository named.
   */
  run(action: RemoteAction, wordsFor: (address: string) => readonly string[]): Promise<Buffer>;
}

function isRedirect(error: unknown): boolean {
  return error instanceof GitFailure && /returned error: 30[1278]/.test(error.stderr);
}

export function createRemoteGit(options: RemoteGitOptions): RemoteGit {
  const { access, files, git, signal } = options;
  let address = access.url;
  let mode: CredentialMode = 'header';

  const attempt = async (words: readonly string[], timeoutMs: number): Promise<Buffer> => {
    const guard = await guardedEnvironment(address, access);
    return runGit(words, { git, env: { ...files.remote(mode), ...guard }, timeoutMs, signal });
  };

  const explain = (error: unknown, action: RemoteAction, timeoutMs: number): unknown => {
    if (!(error instanceof GitFailure)) return error;
    if (signal.aborted) return mirrorClosed(access.url);
    const context = { url: access.url, action };
    if (error.timedOut) return remoteTimeout(context, timeoutMs);
    if (action === 'fetch from' && saysDamaged(error.stderr)) return mirrorBroken(access.url, error.stderr, error);
    return remoteFailure(error.stderr, context, error);
  };

  return {
    async run(action, wordsFor) {
      const timeoutMs = action === 'fetch from' ? options.fetchTimeoutMs : options.lookTimeoutMs;
      try {
        return await attempt(wordsFor(address), timeoutMs).catch(async (error: unknown) => {
          if (mode !== 'header' || !isRedirect(error)) throw error;
          if (access.foreign) address = await followRedirects(address, access);
          else mode = 'askpass';
          return attempt(wordsFor(address), timeoutMs);
        });
      } catch (error) {
        address = access.url;
        throw explain(error, action, timeoutMs);
      }
    },
  };
}
