import type { Application } from '@plumbline/apis';
import type { ResourceNode, ResourceTree } from '@plumbline/protocol';
import { age } from './age.ts';
import { table } from './table.ts';

interface Style {
  paint: (status: string) => string;
  now: Date;
}

const byName = (a: ResourceNode, b: ResourceNode): number =>
  `${a.kind}/${a.name}`.localeCompare(`${b.kind}/${b.name}`, 'en');

/** The resource tree as indented lines with status, health and age; descendants below their owners. */
export function treeText(application: Application, tree: ResourceTree, { paint, now }: Style): string {
  const statuses = new Map(
    (application.status?.resources ?? []).map(({ group = '', kind, namespace = '', name, status = '' }) => [
      `${group}/${kind}/${namespace}/${name}`,
      status,
    ]),
  );
  const children = Map.groupBy(tree.nodes, (node) => node.parentRefs?.[0]?.uid ?? '');
  const known = new Set(tree.nodes.map((node) => node.uid));
  const rows: string[][] = [];
  const seen = new Set<string>();
  const add = (node: ResourceNode, lead: string, branch: string): void => {
    if (seen.has(node.uid)) return;
    seen.add(node.uid);
    const { group = '', kind, namespace = '', name, health, createdAt } = node;
    const status = statuses.get(`${group}/${kind}/${namespace}/${name}`) ?? '';
    const reason = (health?.message ?? '').split('\n').join(' ');
    rows.push([
      `${lead}${branch}${kind}/${name}`,
      paint(status),
      paint(health?.status ?? ''),
      age(createdAt, now),
      reason,
    ]);
    const below = (children.get(node.uid) ?? []).toSorted(byName);
    const inner = branch === '' ? '' : lead + (branch.startsWith('└') ? '  ' : '│ ');
    for (const [index, child] of below.entries()) add(child, inner, index === below.length - 1 ? '└─' : '├─');
  };
  const roots = tree.nodes.filter((node) => !known.has(node.parentRefs?.[0]?.uid ?? ''));
  for (const root of roots.toSorted(byName)) add(root, '', '');
  return table(['KIND/NAME', 'STATUS', 'HEALTH', 'AGE', 'MESSAGE'], rows);
}
