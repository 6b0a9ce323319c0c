import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from './json.ts';
import { fixture } from './test-support/fixture.ts';
import { parseYaml, toYaml } from './yaml.ts';

const cases = ['scalars', 'keys', 'structure', 'big', 'json-like', 'flow-indentation'];
const read = (text: string) => parseYaml(text, { file: 'x.yaml' });

function failure(text: string): PlumblineError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PlumblineError) return error;
  }
  throw new Error(`no error for ${text}`);
}

describe('YAML', () => {
  it.each(cases)("is read as by Kubernetes' own reader: %s", (name) => {
    expect(read(fixture(`yaml/${name}.yaml`))).toEqual(parseJson(fixture(`yaml/${name}.json`)));
  });

  it.each(cases)('is written so that it is read as the same: %s', (name) => {
    const value = parseJson(fixture(`yaml/${name}.json`));
    expect(read(toYaml(value))).toEqual(value);
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# only\n'],
    ['a separator', '---\n'],
  ])('is null where there is %s', (_what, text) => {
    expect(read(text)).toBeNull();
  });

  it('may begin with a byte order mark and end lines as on Windows', () => {
    expect(read('\uFEFFa: 1\r\nb: |\r\n  x\r\n')).toEqual({ a: 1, b: 'x\n' });
  });

  it('gives every alias its own copy', () => {
    const value = read('a: &x {k: [1]}\nb: *x\n') as { a: { k: number[] }; b: { k: number[] } };
    expect(value.b).toEqual(value.a);
    expect(value.b.k).not.toBe(value.a.k);
  });

  it.each([
    ['a merge that stands last wins', 'a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n', { p: 1, q: 2 }],
    ['what is written after a merge wins', 'a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n', { p: 1, q: 3 }],
    ['the last of two merges wins', 'a: &x {p: 1}\nc: &y {p: 2}\nb:\n  <<: *x\n  <<: *y\n', { p: 2 }],
    ['the first of merged mappings wins', 'a: &x {p: 1}\nc: &y {p: 2, r: 3}\nb:\n  <<: [*x, *y]\n', { p: 1, r: 3 }],
    ['a tagged merge merges', 'b:\n  !!merge <<: {p: 1}\n', { p: 1 }],
    ['<< in quotes is a key', 'b:\n  "<<": {p: 1}\n', { '<<': { p: 1 } }],
    ['<< as a value is a text', 'b: [<<, {k: <<}]\n', ['<<', { k: '<<' }]],
    ['a text in brackets may end in a colon', 'b: [fe80::, 2001:db8:: , c]\n', ['fe80::', { '2001:db8:': null }, 'c']],
    ['a text in braces may end in a colon', 'b: {k: fe80::, l: 1:}\n', { k: 'fe80::', l: '1:' }],
    ['a comment may follow a comma', 'b: [1,# one\n2]\n', [1, 2]],
    ['a quote may be escaped that need not be', `b: "it\\'s"\n`, "it's"],
  ])("follows Kubernetes' reader where js-yaml does not: %s", (_what, text, expected) => {
    expect(read(text)).toMatchObject({ b: expected });
    expect((read(text) as { b: object }).b).toEqual(expected);
  });

  it('is read in time however many colons end texts in brackets', () => {
    const start = Date.now();
    expect(read(`b: [${'fe80::,'.repeat(50_000)}]`)).toMatchObject({ b: { length: 50_000 } });
    expect(Date.now() - start).toBeLessThan(3_000);
  });

  it('has no negative zero, which JSON of Kubernetes has not either', () => {
    expect(Object.is(read('-0'), 0) && Object.is(read('-0.0'), 0)).toBe(true);
  });

  it('keeps a key named __proto__ an ordinary key', () => {
    const value = read('a: &x {__proto__: {polluted: yes}}\nb: *x\n') as { b: object };
    expect(Object.keys(value.b)).toEqual(['__proto__']);
    expect('polluted' in value.b).toBe(false);
  });
});

describe('what is no YAML', () => {
  it.each([
    ['a wrong indentation', 'a:\n  b: 1\n c: 2\n', 'x.yaml:3:2: bad indentation of a mapping entry'],
    ['an open bracket', 'a: [1,\n', 'x.yaml:2:1: '],
    ['an open bracket in the middle', 'a: [\nb: c\nd: e\n', 'x.yaml:'],
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 'x.yaml:3:1: duplicated mapping key'],
    ['a duplicate of y and yes', 'y: 1\nyes: 2\n', 'x.yaml:2:1: duplicated mapping key'],
    ['an empty key', 'a: 1\n: 2\n', 'x.yaml: a mapping key is empty (null)'],
    ['an unknown alias', 'a: *x\n', 'x.yaml:1:5: unidentified alias "x"'],
    ['an anchor in itself', 'a: &x [*x]\n', 'x.yaml: an anchor contains itself'],
    ['a merge of a text', 'a: 1\nb:\n  <<: x\n', 'x.yaml:3:3: << needs a mapping, or a list of mappings'],
    ['no number of JSON', 'a: .inf\n', 'x.yaml: .inf is no number that JSON can carry'],
    ['a second document', 'a: 1\n---\nb: 2\n', 'x.yaml:3: expected one document, found more'],
  ])('is an error that names the place: %s', (_what, text, message) => {
    expect(failure(text)).toMatchObject({ code: 'MANIFEST_PARSE', message: expect.stringContaining(message) });
  });

  it('is never quoted in the error', () => {
    const error = failure('data:\n  key: hunter2\n bad: hunter2\n');
    expect(`${error.full}${JSON.stringify(error.details)}`).not.toContain('hunter2');
    expect(error.details).toEqual({ file: 'x.yaml', line: 3 });
  });

  it('aliases that write out to millions of values are refused quickly', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    const start = Date.now();
    expect(failure(lines.join('\n')).message).toContain('aliases write the document out');
    expect(Date.now() - start).toBeLessThan(3_000);
  });
});

describe('writing YAML', () => {
  it('quotes what YAML 1.1 would take for something else', () => {
    const texts = [
      'yes',
      'n',
      'off',
      '0644',
      '1e3',
      '1_000',
      '2001-12-14',
      '1:30',
      'null',
      '~',
      '',
      '<<',
      '0o7',
      '12e03',
    ];
    expect(read(toYaml(texts))).toEqual(texts);
    expect(read(toYaml(Object.fromEntries(texts.map((text) => [text, 1]))))).toEqual(
      Object.fromEntries(texts.map((text) => [text, 1])),
    );
  });

  it('leaves out undefined members, keeps the order of keys, never uses anchors, writes big numbers as numbers', () => {
    const shared = { z: 1, a: [1] };
    expect(toYaml({ b: shared, a: shared, none: undefined, big: 9007199254740993n })).toBe(
      'b:\n  z: 1\n  a:\n  - 1\na:\n  z: 1\n  a:\n  - 1\nbig: 9007199254740993\n',
    );
  });

  it('does not fold long lines', () => {
    const text = 'word '.repeat(100).trim();
    expect(toYaml({ text })).toBe(`text: ${text}\n`);
  });
});

describe('JSON', () => {
  it('keeps whole numbers of 64 bits and only those as bigint', () => {
    const text =
      '{"a":9007199254740993,"b":-9223372036854775808,"c":[9007199254740991],"d":"9007199254740993","e":1e+30,"f":18446744073709551615}';
    const value = parseJson(text) as Record<string, unknown>;
    expect(value).toEqual({
      a: 9007199254740993n,
      b: -9223372036854775808n,
      c: [9007199254740991],
      d: '9007199254740993',
      e: 1e30,
      f: 18446744073709552000,
    });
    expect(parseJson('9007199254740993')).toBe(9007199254740993n);
  });

  it('writes bigints as numbers, indented or not', () => {
    expect(stringifyJson({ a: 9007199254740993n, b: [1n], c: undefined })).toBe('{"a":9007199254740993,"b":[1]}');
    expect(stringifyJson({ a: 9007199254740993n }, 2)).toBe('{\n  "a": 9007199254740993\n}');
    expect(stringifyJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });
});
