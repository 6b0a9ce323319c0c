import { describe, expect, test } from 'vitest';
import { type BatchAnswer, createBatchParser } from './batch-parser.ts';
import { parseLsRemote } from './parse-ls-remote.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

describe('the answers of cat-file', () => {
  const body = Buffer.from([0, 10, 13, 255, 10, 10]);
  const bodies = [true, true, false, true, true, true];
  const stream = Buffer.concat([
    Buffer.from(`${a} blob 6\n`),
    body,
    Buffer.from(`\n${b} missing\n${a} blob 6\n${b} tree 0\n\nabcd ambiguous\n${b} commit 1\nx\n`),
  ]);

  test.each([1, 2, 3, 7, 1000])('are the same in chunks of %i bytes', (size) => {
    const answers: BatchAnswer[] = [];
    const parser = createBatchParser(
      () => bodies[answers.length] ?? false,
      (answer) => answers.push(answer),
    );
    for (let start = 0; start < stream.length; start += size) parser.feed(stream.subarray(start, start + size));
    expect(answers).toEqual([
      { found: true, oid: a, type: 'blob', size: 6, content: body },
      { found: false, reason: `${b} missing` },
      { found: true, oid: a, type: 'blob', size: 6, content: Buffer.alloc(0) },
      { found: true, oid: b, type: 'tree', size: 0, content: Buffer.alloc(0) },
      { found: false, reason: 'abcd ambiguous' },
      { found: true, oid: b, type: 'commit', size: 1, content: Buffer.from('x') },
    ]);
  });
});

describe('the answer of ls-remote', () => {
  test('gives peeled tags and what HEAD names', () => {
    const text = `ref: refs/heads/trunk\tHEAD\n${a}\tHEAD\n${a}\trefs/heads/trunk\n${b}\trefs/tags/v1\n${a}\trefs/tags/v1^{}\n`;
    expect(parseLsRemote(text)).toEqual({
      head: { commit: a, ref: 'refs/heads/trunk' },
      tags: new Map([['refs/tags/v1', b]]),
      refs: new Map([
        ['refs/heads/trunk', a],
        ['refs/tags/v1', a],
      ]),
    });
  });

  test('may have a detached HEAD, or nothing', () => {
    expect(parseLsRemote(`${a}\tHEAD\n`)).toEqual({ head: { commit: a }, refs: new Map(), tags: new Map() });
    expect(parseLsRemote('')).toEqual({ refs: new Map(), tags: new Map() });
  });
});
