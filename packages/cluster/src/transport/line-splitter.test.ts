import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';

function split(chunks: Buffer[]): string[] {
  const lines: string[] = [];
  const take = createLineSplitter((line) => lines.push(line.toString()));
  for (const chunk of chunks) take(chunk);
  return lines;
}

describe('lines of a stream', () => {
  const text = 'first\nzweite Zeile: äöü€\n\n{"third":"𝄞"}\nunfinished';
  const bytes = Buffer.from(text);

  it.each([1, 2, 3, 7, 1000])('come out whole from chunks of %i bytes', (size) => {
    const chunks: Buffer[] = [];
    for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
    expect(split(chunks).filter((line) => line !== '')).toEqual(['first', 'zweite Zeile: äöü€', '{"third":"𝄞"}']);
  });

  it('do not change when the memory of a chunk is used again', () => {
    const lines: string[] = [];
    const take = createLineSplitter((line) => lines.push(line.toString()));
    const chunk = Buffer.from('half');
    take(chunk);
    chunk.fill(0x78);
    take(Buffer.from(' and half\n'));
    expect(lines).toEqual(['half and half']);
  });
});
