import picomatch from 'picomatch';

/** Globs as Go's filepath.Match has them: no `**`, no `{a,b}`, and `*` does not pass `/`. */
export const goGlob = { dot: true, nonegate: true, nobrace: true, noglobstar: true, noextglob: true } as const;

/** Whether a path from the root of what is sent is left out, with all below it (`reposerver.plugin.tar.exclusions`). */
export function exclusionOf(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map((glob) => picomatch(glob, goGlob));
  return (path) => matchers.some((matches) => matches(path));
}
