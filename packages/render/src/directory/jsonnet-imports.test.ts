import { expect, it } from 'vitest';
import { jsonnetImports } from './jsonnet-imports.ts';

it.each<[string, string, (string | undefined)[]]>([
  ['single and double quotes', `(import 'a') + import "b"`, ['a', 'b']],
  ['strings and bytes', `[importstr 'a', importbin 'b']`, ['a', 'b']],
  ['verbatim strings', `[import @'it''s', import @"b\\c"]`, ["it's", 'b\\c']],
  ['a comment in between', `import /* 'no' */ // 'no'\n # 'no'\n 'a'`, ['a']],
  ['escapes, as unknown', `import '\\u002fetc'`, [undefined]],
  ['something that is no literal, as unknown', `import x`, [undefined]],
  ['not in comments', `// import 'a'\n# import 'b'\n/* import 'c' */ {}`, []],
  ['not in strings', `{a: "import 'x'", b: 'import "y"', c: @'import "z"'}`, []],
  ['not in text blocks', `{a: |||\n  import 'x'\n|||, b: import 'y'}`, ['y']],
  ['after a text block with blank and indented lines', `|||\n\n    a\n      b\n\n  ||| + import 'y'`, ['y']],
  ['after a chomped text block with bars inside', `|||-\n  ||| import 'x'\n||| + import 'y'`, ['y']],
  ['after a text block that begins with a line of spaces', `|||\n   \n ||| + import 'y'`, ['y']],
  ['after a text block with a line of fewer spaces', `|||\n   a\n   \n\n ||| + import 'y'`, ['y']],
  ['not in a text block with bars at its end', `|||\n a |||\n  import 'x'\n||| + import 'y'`, ['y']],
  ['after a number', `[1e5, 2.5e-3]+[0import 'a']`, ['a']],
  ['not in longer words', `important 'a', my_import 'b'`, []],
  ['without a space', `import'a'`, ['a']],
])('finds imports: %s', (_case, text, expected) => {
  expect(jsonnetImports(text).map(({ path }) => path)).toEqual(expected);
});
