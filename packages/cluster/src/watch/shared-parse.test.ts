import { expect, it } from 'vitest';
import { createSharedParse } from './shared-parse.ts';

const large = (fill: string) => Buffer.from(JSON.stringify({ text: fill.repeat(20_000) }));

it('parses a large text once for all who are told it at the same time', () => {
  const parse = createSharedParse();
  const first = parse(large('a'));
  expect(parse(large('b'))).toEqual({ text: 'b'.repeat(20_000) });
  expect(parse(large('a'))).toBe(first);
});

it('is not misled when the memory of a text is used again', () => {
  const parse = createSharedParse();
  const bytes = large('a');
  parse(bytes);
  large('b').copy(bytes);
  expect(parse(bytes)).toEqual({ text: 'b'.repeat(20_000) });
});

it('gives each its own of a small text', () => {
  const parse = createSharedParse();
  expect(parse(Buffer.from('{"a":1}'))).not.toBe(parse(Buffer.from('{"a":1}')));
});
