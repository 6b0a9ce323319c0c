import { parseGitConfig } from '../git-config-text.ts';

/** One entry of .gitmodules. */
export interface SubmoduleEntry {
  name: string;
  /** Where it lies in the repository that declares it. */
  path: string;
  /** As written: absolute, or relative to the URL of the repository that declares it. */
  url: string;
}

/** Submodules that have a path and a URL, in the file's order; a later value of a key wins. Other settings are ignored. */
export function parseGitmodules(text: string): SubmoduleEntry[] {
  const found = new Map<string, { path?: string; url?: string }>();
  for (const { section, subsection, key, value } of parseGitConfig(text)) {
    if (section !== 'submodule' || subsection === undefined) continue;
    const entry = found.get(subsection) ?? {};
    found.set(subsection, entry);
    if (key === 'path') entry.path = value;
    if (key === 'url') entry.url = value;
  }
  return [...found].flatMap(([name, { path, url }]) => (path && url ? [{ name, path, url }] : []));
}
