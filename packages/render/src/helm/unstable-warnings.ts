import type { FileUse } from './unstable-archives.ts';

/** Charts that are named; the rest is counted. */
const maxNamed = 10;

/** The chart of a file, as far as it lies in `charts/`; '' for one that does not. */
function chartOf(path: string): string {
  return /^(?:.*\/)?charts\/[^/]+(?=\/)/.exec(path)?.[0] ?? '';
}

function line([first, ...others]: readonly [FileUse, ...FileUse[]]): string {
  const { path, line: at, what, reason } = first;
  const named = `${path}:${at}: ${what} ${reason}`;
  if (others.length === 0) return named;
  const kinds = [...new Set(others.map((use) => use.what))].filter((kind) => kind !== what);
  const also = kinds.length > 0 ? ` (also ${kinds.join(', ')})` : '';
  return `${named}, and ${others.length} more ${others.length === 1 ? 'place' : 'places'}${also}`;
}

/** One warning for each chart: its first use with file and line, how many more there are, and of what. */
export function unstableWarnings(uses: readonly FileUse[]): string[] {
  const charts = new Map<string, [FileUse, ...FileUse[]]>();
  for (const use of uses) {
    const chart = chartOf(use.path);
    const known = charts.get(chart);
    if (known) known.push(use);
    else charts.set(chart, [use]);
  }
  const lines = [...charts.values()].map(line);
  if (lines.length <= maxNamed) return lines;
  const rest = lines.length - maxNamed;
  return [...lines.slice(0, maxNamed), `${rest} more ${rest === 1 ? 'chart uses' : 'charts use'} such functions`];
}
