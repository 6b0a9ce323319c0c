import { expect, it } from 'vitest';
import { endFrame, FrameReader, frame } from './wire.ts';

/** A stream that is cut into pieces of `size` bytes. */
async function* pieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

const header = { path: 'app', environment: { A: 'ü' } };
const entry = { kind: 'file', path: 'app/a', size: 5, executable: false } as const;
const source = Buffer.concat([frame(header), frame(entry), Buffer.from('hello'), endFrame]);

async function bytesOf(reader: FrameReader, size: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of reader.bytes(size)) parts.push(part);
  return Buffer.concat(parts).toString();
}

it.each([[1], [3], [7], [1000]])('reads frames and content that come in pieces of %i bytes', async (size) => {
  const reader = new FrameReader(pieces(source, size));
  expect(await reader.frame()).toEqual(header);
  expect(await reader.frame()).toEqual(entry);
  expect(await bytesOf(reader, entry.size)).toBe('hello');
  expect(await reader.frame()).toBeUndefined();
});

it('tells a source that breaks off from a whole one', async () => {
  const reader = new FrameReader(pieces(source.subarray(0, -endFrame.length), 10));
  await reader.frame();
  await reader.frame();
  await bytesOf(reader, entry.size);
  await expect(reader.frame()).rejects.toThrow(/ended too early/);
});

it.each([
  ['a frame too large', Buffer.from([0xff, 0, 0, 0])],
  ['no JSON', Buffer.from([0, 0, 0, 1, 0x7b])],
])('refuses %s', async (_case, content) => {
  await expect(new FrameReader(pieces(content, 100)).frame()).rejects.toMatchObject({ code: 'PLUGIN_PROTOCOL' });
});
