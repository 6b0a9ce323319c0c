import picocolors from 'picocolors';

/** Colours are for terminals: picocolors alone would also paint wherever `CI` is set, where output is often read by programs. */
const wanted = process.stdout.isTTY === true || process.env['FORCE_COLOR'] !== undefined;
const colors = picocolors.createColors(picocolors.isColorSupported && wanted);

const good = new Set(['Synced', 'Healthy', 'Succeeded', 'Pruned', 'Running', 'Successful']);
const bad = new Set(['Degraded', 'Failed', 'Error', 'SyncFailed', 'Missing']);

/** A status word in its colour; plain where the output takes no colours. */
export function paint(status: string): string {
  if (good.has(status)) return colors.green(status);
  if (bad.has(status)) return colors.red(status);
  return status === '' ? '' : colors.yellow(status);
}

export const bold = colors.bold;
export const dim = colors.dim;
export const red = colors.red;
export const green = colors.green;
