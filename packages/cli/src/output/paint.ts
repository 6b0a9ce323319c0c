import colors from 'picocolors';

const good = new Set(['Synced', 'Healthy', 'Succeeded', 'Pruned', 'Running']);
const bad = new Set(['Degraded', 'Failed', 'Error', 'SyncFailed', 'Missing']);

/** A status word in its colour; plain where the output takes no colours. */
export function paint(status: string): string {
  if (good.has(status)) return colors.green(status);
  if (bad.has(status)) return colors.red(status);
  return status === '' ? '' : colors.yellow(status);
}

export const bold = colors.bold;
export const dim = colors.dim;
