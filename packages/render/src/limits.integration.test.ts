import { configMap, type FileContent } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RendererLimits } from './renderer.ts';
import { createFilesRig, type FilesRig } from './test-support/render-files.ts';

let rig: FilesRig;

beforeAll(async () => {
  rig = await createFilesRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

async function refusal(
  path: string,
  files: Record<string, FileContent>,
  limits: Partial<RendererLimits> = {},
): Promise<string> {
  const started = performance.now();
  const outcome = await rig.render(path, files, { limits }).then(() => 'it was rendered', String);
  expect(performance.now() - started).toBeLessThan(5_000);
  return outcome;
}

/** Ten anchors, each nine times the one before. */
function laughs(head: string): string {
  const lines = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
  for (let level = 1; level < 10; level += 1) {
    const items = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
    lines.push(`a${level}: &a${level} [${items}]`);
  }
  return `${head}${lines.join('\n')}\n`;
}
const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const kustomizationOf = (resource: string) => ({ 'kustomization.yaml': { resources: [resource] } });
const chart = { 'Chart.yaml': { apiVersion: 'v2', name: 'c', version: '1.0.0' } };

describe('a YAML bomb ends in an error, at once', () => {
  it.each<[string, Record<string, FileContent>, RegExp]>([
    ['as a manifest', { 'a.yaml': laughs(head) }, /a\.yaml.*aliases write the document out/],
    ['as a resource', { ...kustomizationOf('a.yaml'), 'a.yaml': laughs(head) }, /a\.yaml: aliases write/],
    ['as a kustomization', { 'kustomization.yaml': laughs('resources: []\n') }, /kustomization|excessive aliasing/],
    ['as values', { ...chart, 'values.yaml': laughs('') }, /values\.yaml|excessive aliasing/],
    ['as overrides', { '.argocd-source.yaml': laughs('') }, /\.argocd-source\.yaml.*aliases write/],
    [
      'of long texts',
      { 'a.yaml': `${head}data: &d {a: &a ${'x'.repeat(90_000)}}\nmore: [${'*a, '.repeat(2_000)}]\n` },
      /characters/,
    ],
    ['in many documents', { 'a.yaml': `${laughs(head).split('a5:')[0]}---\n`.repeat(50) }, /aliases write/],
    ['nested deep', { 'a.yaml': `${head}data: ${'['.repeat(50_000)}${']'.repeat(50_000)}\n` }, /a\.yaml.*depth|nest/i],
    [
      'nested deep as JSON',
      {
        'a.json': `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      },
      /ConfigMap a.*deep/,
    ],
  ])('%s', async (what, files, message) => {
    expect(await refusal(`bombs/${what.replaceAll(' ', '-')}`, files)).toMatch(message);
  });
});

describe('limits', () => {
  const many = Object.fromEntries([1, 2, 3, 4].map((n) => [`f${n}.yaml`, configMap(`m${n}`)]));
  const files = { ...many, 'kustomization.yaml': { resources: Object.keys(many) } };

  it.each<[keyof RendererLimits, number, RegExp]>([
    ['maxObjects', 3, /more than 3 objects/],
    ['maxObjectBytes', 20, /ConfigMap m1: larger than 20 bytes/],
    ['maxManifestBytes', 200, /objects of more than 200 bytes/],
    ['maxInputFiles', 3, /reads more than 3 files/],
    ['maxInputBytes', 100, /reads more than 100 bytes/],
    ['maxOutputBytes', 100, /printed more than 100 bytes/],
    ['timeoutMs', 1, /did not finish within 0\.001 s/],
  ])('hold a source to %s', async (limit, value, message) => {
    expect(await refusal('limits', files, { [limit]: value })).toMatch(message);
  });

  it('let pass what is within them', async () => {
    const { objects } = await rig.render('limits', files, { limits: { maxObjects: 4, maxInputFiles: 10 } });
    expect(objects).toHaveLength(4);
  });

  it('hold a directory to its objects', async () => {
    expect(await refusal('plain', many, { maxObjects: 3 })).toMatch(/plain: more than 3 objects/);
  });

  it.runIf(process.platform === 'linux')('hold a template to its memory', async () => {
    const template = '{{ $x := repeat 1000000000 "x" }}{{ $y := $x | quote }}a: {{ len $y }}\n';
    const limits = { maxMemoryBytes: 400 * 1024 * 1024 };
    expect(await refusal('memory', { ...chart, 'templates/a.yaml': template }, limits)).toMatch(
      /more memory than 400 MiB/,
    );
  });
});

/** Programs that never end, or that write without end: the tool is ended, and its neighbours go on. */
describe('a program without end is ended, while another render goes on', () => {
  const template = (text: string) => ({ ...chart, 'templates/a.yaml': text });
  const many = '{{ range until 100000 }}{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}{{ end }}';
  const define = '{{ define "again" }}{{ include "again" . }}{{ end }}{{ include "again" . }}';
  const regex = `{{ regexMatch "^(a+)+$" (printf "%sb" (repeat 50000 "a")) }}`;

  it.each<[string, Record<string, FileContent>, RegExp]>([
    ['a loop that writes', template(many), /did not finish within|more than|needs more memory|killed/],
    ['a loop that is silent', template(many.replace('x', '')), /did not finish within|needs more memory/],
    ['a template that includes itself', template(define), /nested reference|did not finish|exceeded/],
    [
      'values that evaluate themselves',
      {
        ...template('{{ tpl .Values.t . }}'),
        'values.yaml': { t: '{{ tpl .Values.t . }}' },
      },
      /did not finish within|needs more memory|stack|exceeded|nested/,
    ],
    [
      'a Jsonnet function that calls itself',
      { 'a.jsonnet': 'local f(x) = f(x + 1) + 1; f(0)' },
      /stack|did not finish/,
    ],
    [
      'a Jsonnet program that doubles a text',
      {
        'a.jsonnet': `local d(s, n) = if n == 0 then s else d(s + s, n - 1); { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: d('xxxxxxxx', 40) } }`,
      },
      /needs more memory|did not finish|more than/,
    ],
    [
      'bases in a circle',
      {
        'kustomization.yaml': { resources: ['b'] },
        'b/kustomization.yaml': { resources: ['../'] },
      },
      /cycle/,
    ],
    ['a pattern that takes ages elsewhere', template(`a: ${regex}\n`), /MANIFEST|apiVersion|kind|a: /],
  ])('%s', async (what, files, message) => {
    const limits = { timeoutMs: 3_000, maxMemoryBytes: 400 * 1024 * 1024, maxOutputBytes: 10_000_000 };
    const path = `endless/${what.replaceAll(' ', '-')}`;
    const started = performance.now();
    const failing = rig.render(path, files, { limits }).then(({ objects }) => `rendered ${objects.length}`, String);
    const outcome = await failing;
    // The time limit, and 10 s until it is killed at the latest.
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(outcome).toMatch(message);
    expect(outcome).toContain(path);
    expect(outcome.length).toBeLessThan(5_000);
  });

  it('by its side', async () => {
    await using other = await createFilesRig();
    const limits = { timeoutMs: 8_000 };
    let ended = false;
    const endless = rig.render('endless/side', template(many.replace('x', '')), { limits }).then(
      () => expect.fail('it ended by itself'),
      (error: unknown) => {
        ended = true;
        return String(error);
      },
    );
    const { objects } = await other.render('plain', { 'a.yaml': configMap('a') });
    expect([objects.length, ended]).toEqual([1, false]);
    expect(await endless).toMatch(/did not finish within 8 s|needs more memory/);
  });
});
