import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../transport/transport.ts';
import { readLines } from './read-lines.ts';

const { signal } = new AbortController();

/** What a transport does that answers with these chunks, or refuses. */
async function linesOf(chunks: string[], refusal?: Error): Promise<string[]> {
  const lines: string[] = [];
  const transport = {
    stream: async (_call, sink) => {
      if (refusal) throw refusal;
      for (const chunk of chunks) sink.onData(Buffer.from(chunk));
    },
  } as Pick<Transport, 'stream'> as Transport;
  await readLines(transport, '/x', { onLine: (line) => lines.push(line), signal });
  return lines;
}

describe('the lines of a path', () => {
  it('come whole, also the last one without a line end', async () => {
    expect(await linesOf(['a', 'b\nc\n', 'd'])).toEqual(['ab', 'c', 'd']);
    expect(await linesOf(['a\n'])).toEqual(['a']);
  });

  it('are none where the server has nothing yet', async () => {
    expect(await linesOf([], new PlumblineError('KUBE_ERROR', 'x', { details: { status: 204 } }))).toEqual([]);
  });

  it('are refused with the words of the server', async () => {
    const refusal = new PlumblineError('KUBE_INVALID', 'no such container', { details: { status: 400 } });
    await expect(linesOf([], refusal)).rejects.toBe(refusal);
  });
});
