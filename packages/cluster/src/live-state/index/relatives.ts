import type { LiveNode } from '../types.ts';
import type { LiveIndex } from './live-index.ts';

/** Tracking names of the managed objects that a node is, or descends from. */
export function applicationsOf(index: LiveIndex, node: LiveNode): Set<string> {
  const found = new Set<string>();
  const seen = new Set<LiveNode>();
  const visit = (current: LiveNode): void => {
    if (seen.has(current)) return;
    seen.add(current);
    if (current.object && current.application !== undefined) found.add(current.application);
    for (const { uid } of current.owners) {
      const owner = index.byUid(uid);
      if (owner) visit(owner);
    }
  };
  visit(node);
  return found;
}

/** Everything below an object, depth first, each once, without itself. */
export function descendantsOf(index: LiveIndex, uid: string): LiveNode[] {
  const found = new Set<LiveNode>();
  const visit = (parent: string): void => {
    for (const child of index.childrenOf(parent)) {
      if (found.has(child) || child.uid === uid) continue;
      found.add(child);
      visit(child.uid);
    }
  };
  visit(uid);
  return [...found];
}
