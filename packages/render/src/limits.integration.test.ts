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
