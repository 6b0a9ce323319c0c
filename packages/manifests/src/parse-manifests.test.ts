import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { type ParseOptions, parseManifests } from './parse-manifests.ts';
import { fixture } from './test-support/fixture.ts';

const named = (text: string, options: Partial<ParseOptions> = {}) => {
  const { objects, warnings } = parseManifests(text, { file: 'app/x.yaml', ...options });
  return { names: objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`), warnings };
};

function failure(text: string, options: Partial<ParseOptions> = {}): PlumblineError {
  try {
    parseManifests(text, { file: 'app/x.yaml', ...options });
  } catch (error) {
    if (error instanceof PlumblineError) return error;
  }
  throw new Error('no error');
}

describe('a file of a directory source', () => {
  it('holds any number of documents, empty ones included', () => {
    const expected = { names: ['ConfigMap/first', 'Deployment/second'], warnings: [] };
    expect(named(fixture('manifests/several.yaml'))).toEqual(expected);
  });

  it.each(['', '\n', '---\n---\n', '# comment\n'])('may be empty: %j', (text) => {
    expect(named(text)).toEqual({ names: [], warnings: [] });
  });

  it('has its lists expanded one level; a named object of a kind that ends in List is none', () => {
    const { names } = named(fixture('manifests/lists.yaml'));
    expect(names).toEqual(['ConfigMap/one', 'List/undefined', 'ConfigMap/two', 'Secret/three', 'AllowList/own-kind']);
  });

  it.each(['items: null', 'items:', 'items: []'])('has no objects where it is a list with %s', (items) => {
    const text = `apiVersion: v1\nkind: ConfigMapList\n${items}\n`;
    expect(named(text)).toEqual({ names: [], warnings: [] });
    expect(named(text, { strict: true })).toEqual({ names: [], warnings: [] });
  });

  it('has documents with separators in any form that Kubernetes takes', () => {
    const one = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
    const text = `\uFEFF${one('a')}--- # next\n${one('b')}---# next\r\n${one('c')}---\n\uFEFF${one('d')}`;
    expect(named(text).names).toEqual(['ConfigMap/a', 'ConfigMap/b', 'ConfigMap/c', 'ConfigMap/d']);
  });

  it('is refused where a separator does not stand alone, rather than mixing two documents', () => {
    const one = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
    const { message } = failure(`${one}---${one}`, { duplicateKeys: 'last' });
    expect(message).toBe(
      'app/x.yaml:5:4: cannot be parsed: the separator of documents, ---, stands in a line of its own',
    );
  });

  it('is passed over where it is no manifest, with a warning that names file and line', () => {
    expect(named(fixture('manifests/mixed.yaml'))).toEqual({
      names: ['ConfigMap/a'],
      warnings: [
        'app/x.yaml:1: skipped, no Kubernetes object: no apiVersion and no kind',
        'app/x.yaml:8: skipped, no Kubernetes object: it is no mapping',
      ],
    });
  });

  it('is passed over with a warning where it is no YAML and looks like no manifest', () => {
    const { names, warnings } = named('{{ if .Values.x }}\nfoo: bar\n{{ end }}\n');
    expect(names).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^app\/x\.yaml:2:1: skipped, it is no YAML: /)]);
  });

  it('is an error with place and reason where it is no YAML but looks like a manifest', () => {
    const error = failure('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {wrong indent\n');
    expect(error).toMatchObject({ code: 'MANIFEST_PARSE', details: { file: 'app/x.yaml', line: 5 } });
    expect(error.message).toBe('app/x.yaml:5:2: cannot be parsed: bad indentation of a mapping entry');
  });

  it.each([
    ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n', 'ConfigMap has neither metadata.name nor'],
    ['no metadata', 'apiVersion: v1\nkind: ConfigMap\n', 'ConfigMap has neither metadata.name nor'],
    ['an empty name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ""}\n', 'has neither metadata.name nor'],
    ['a number as name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 0123}\n', 'metadata.name is no text'],
    ['a list as metadata', 'apiVersion: v1\nkind: ConfigMap\nmetadata: [a]\n', 'metadata of ConfigMap is no mapping'],
    ['no apiVersion', 'kind: ConfigMap\nmetadata: {name: a}\n', 'no Kubernetes object: no apiVersion'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 'no Kubernetes object: no kind'],
    ['a broken item', 'apiVersion: v1\nkind: List\nitems: [{kind: A}]\n', 'item 1 of List: no Kubernetes object'],
  ])('is an error with place where an object has %s', (_what, text, message) => {
    const error = failure(`---\n${text}`);
    expect(error.code).toBe('MANIFEST_INVALID');
    expect(error.message).toContain('app/x.yaml:2: ');
    expect(error.message).toContain(message);
  });

  it('says how to leave out a file that only looks like an object of the cluster', () => {
    const error = failure('apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n');
    expect(error.hint).toContain('directory.exclude');
  });

  it('may have generateName in place of a name', () => {
    const text = 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n';
    expect(parseManifests(text, { file: 'x' }).objects).toHaveLength(1);
  });
});

describe('a JSON file', () => {
  const file = 'app/x.JSON';

  it('holds one object or a List', () => {
    const object = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}';
    expect(named(object, { file }).names).toEqual(['ConfigMap/a']);
    expect(named(`{"apiVersion": "v1", "kind": "List", "items": [${object}]}`, { file }).names).toEqual([
      'ConfigMap/a',
    ]);
    expect(named('\n', { file }).names).toEqual([]);
  });

  it('keeps whole numbers of 64 bits', () => {
    const text = '{"apiVersion": "t/v1", "kind": "T", "metadata": {"name": "b"}, "spec": {"big": 9007199254740995}}';
    expect(parseManifests(text, { file }).objects[0]?.spec).toEqual({ big: 9007199254740995n });
  });

  it.each([
    ['app/x.yaml', '- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n'],
    ['app/x.json', '[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}]'],
  ])('is an error where it is a plain list of objects: %s', (file, text) => {
    expect(failure(text, { file })).toMatchObject({
      code: 'MANIFEST_INVALID',
      hint: expect.stringContaining('a List'),
    });
  });

  it('is an error that names the file and does not quote it where it is broken', () => {
    const error = failure('{"apiVersion": "v1",\n "password": hunter2 "kind": "Secret"', { file });
    expect(error.message).toMatch(/^app\/x\.JSON:2:\d+: cannot be parsed: /);
    expect(error.full).not.toContain('hunter2');
    expect(failure('{\n"a": 1,\n}', { file }).message).toBe('app/x.JSON:3:1: cannot be parsed: it is no JSON');
  });
});

describe('what a tool printed', () => {
  const strict = { file: 'helm template', strict: true };

  it('must hold objects only; the error names the document and where it comes from', () => {
    const error = failure(fixture('manifests/helm-output.yaml'), strict);
    expect(error.message).toBe(
      'helm template:9: document 2 (from web/templates/notes.yaml): no Kubernetes object: no apiVersion and no kind',
    );
  });

  it('must be YAML; the error names the document it comes from', () => {
    const error = failure(`${fixture('manifests/helm-output.yaml')}  bad: indent\n`, strict);
    expect(error.message).toMatch(/^helm template:10:\d+: cannot be parsed \(from web\/templates\/notes\.yaml\): /);
  });
});

describe('duplicate keys', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: "1"\n  k: "2"\n';

  it('are an error', () => {
    expect(failure(text).message).toBe('app/x.yaml:6:3: cannot be parsed: duplicated mapping key');
  });

  it('give a warning and the last one where that is asked for', () => {
    const { objects, warnings } = parseManifests(text, { file: 'app/x.yaml', duplicateKeys: 'last' });
    expect(objects[0]?.data).toEqual({ k: '2' });
    expect(warnings).toEqual(['app/x.yaml:6:3: duplicated mapping key: the last one is used']);
  });
});

it('a stream of thousands of documents is read in linear time', () => {
  const text = Array.from({ length: 5_000 }, (_, n) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${n}}\n`);
  expect(parseManifests(text.join('---\n'), { file: 'x.yaml' }).objects).toHaveLength(5_000);
});

it.each([
  ['tabs', 'apiVersion: v1\nkind: A\nmetadata:\n\tname: a\n', 'spaces'],
  [
    'marks of a conflict',
    'apiVersion: v1\nkind: A\nmetadata: {name: a}\n<<<<<<< HEAD\na: b\n=======\na: c\n>>>>>>> x\n',
    'conflict',
  ],
  ['a template', 'apiVersion: v1\nkind: A\nmetadata:\n  name: {{ .Values.name }}\n', 'Helm'],
])('says what to do about %s', (_name, text, hint) => {
  expect(failure(text).hint).toContain(hint);
});
