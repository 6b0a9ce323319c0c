import type { RemoteRefs } from '../repository-port.ts';

/** The output of `git ls-remote --symref`: peeled values (`…^{}`) replace the tag object's own id. */
export function parseLsRemote(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  const tags = new Map<string, string>();
  let headRef: string | undefined;
  let headCommit: string | undefined;
  for (const line of output.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const value = line.slice(0, tab);
    const name = line.slice(tab + 1);
    if (name === 'HEAD') {
      if (value.startsWith('ref: ')) headRef = value.slice(5);
      else headCommit = value;
    } else if (name.endsWith('^{}')) {
      const tag = refs.get(name.slice(0, -3));
      if (tag !== undefined) tags.set(name.slice(0, -3), tag);
      refs.set(name.slice(0, -3), value);
    } else if (!value.startsWith('ref: ')) refs.set(name, value);
  }
  if (headCommit === undefined) return { refs, tags };
  return { refs, tags, head: headRef === undefined ? { commit: headCommit } : { commit: headCommit, ref: headRef } };
}
