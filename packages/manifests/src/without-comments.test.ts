import { expect, it } from 'vitest';
import { withoutComments } from './without-comments.ts';

const plain = 'a: 1\nb:\n- c\n- d: e\n';

it.each([
  ['a line of its own', '# what it is\na: 1\nb:\n- c\n- d: e\n'],
  ['one that is indented', 'a: 1\nb:\n    # indented\n- c\n- d: e\n'],
  ['one at the end of a line', 'a: 1 # one\nb: # list\n- c\n- d: e  # last\n'],
  ['one at the end of the text', `${plain}# end`],
  ['blank lines', '\na: 1\n\n  \nb:\n- c\n- d: e\n\n\n'],
  ['blanks at ends of lines', 'a: 1  \nb: \n- c  \n- d: e\n'],
])('takes away %s', (_what, text) => {
  expect(withoutComments(text)).toBe(plain);
});

it.each([
  ['a text without any', plain],
  ['what looks like one in a block text', 'script: |\n  #!/bin/sh\n\n  # go\n  run\n'],
  ['what looks like one in a folded text', 'note: >-\n  one\n  # two\n\n  three\n'],
  ['a number sign within a word', 'url: http://x/#frag\n'],
  ['a number sign in quotes', 'a: "x # y"\nb: \'# z\'\n'],
  ['a quoted text of several lines', 'a: "x\n\n  # y\n  z"\n'],
  ['a text that is no YAML', 'a: [1\n# b\n'],
  ['keys that come twice', 'a: 1\n# again\na: 2\n'],
  ['what may be JSON', '{\n  # c\n  "a": 1\n}\n'],
  ['a text with tabs', 'a: 1\n\t# b\n'],
  ['lines that end otherwise', '# a\r\nb: 1\r\n'],
  ['a comment that ends a plain text', 'a: one\n  # and\n  two\n'],
  ['blank lines that a block text keeps', 'a: |+\n  x\n\n\n'],
  ['a block text at the end without a newline', 'a: |\n  x'],
  ['a comment behind a separator', 'a: 1\n--- # next\nb: 2\n'],
])('leaves %s alone', (_what, text) => {
  expect(withoutComments(text)).toBe(text);
});

it('takes comments away around texts that it leaves alone', () => {
  const text = '# head\na: "x # y"  # tail\nb: |\n  # in\n# out\nc: 1\n';
  expect(withoutComments(text)).toBe('a: "x # y"\nb: |\n  # in\nc: 1\n');
});

it('takes whole lines away where the ends of lines cannot be told', () => {
  expect(withoutComments('# head\na: "x #y\n  z"\n')).toBe('a: "x #y\n  z"\n');
});

it('keeps the newline of a block text that a comment follows', () => {
  expect(withoutComments('a: |\n  x\n# end')).toBe('a: |\n  x\n');
});

it('keeps documents apart', () => {
  expect(withoutComments('# one\na: 1\n---\n# two\nb: 2\n')).toBe('a: 1\n---\nb: 2\n');
});
