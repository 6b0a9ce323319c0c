import { PlumblineError } from '@plumbline/errors';
import { createLineSplitter } from '../transport/line-splitter.ts';
import type { Transport } from '../transport/transport.ts';
import type { KubeClient } from '../types.ts';

const newline = Buffer.from('\n');

/** A container that has not written yet is answered 204. */
const hasNothing = (error: unknown): boolean => error instanceof PlumblineError && error.details?.['status'] === 204;

/** Reads a text by lines, also a last one without a line end. Silence is no failure: nobody knows when a line comes. */
export async function readLines(
  transport: Transport,
  ...[path, { onLine, signal }]: Parameters<KubeClient['readLines']>
): Promise<void> {
  const split = createLineSplitter((line) => onLine(line.toString('utf8')));
  const call = { verb: 'raw', method: 'GET' as const, path, accept: '*/*', retry: 'never' as const, signal };
  try {
    await transport.stream(call, { onOpen: () => undefined, onData: split }, 0);
  } catch (error) {
    if (!signal.aborted && !hasNothing(error)) throw error;
  }
  split(newline);
}
