import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseManifests } from '@plumbline/manifests';
import type { RenderTools } from '../type-renderer.ts';
import type { RandomApp, RandomRepository } from './random-repository.ts';
import { defaultContext } from './rig.ts';

const run = promisify(execFile);

/** The objects of an Application as its tool gives them in a whole checkout; `failed` where it refuses. */
export type BareRender = (app: RandomApp, repository: RandomRepository, checkout: string) => Promise<unknown>;

const { kubeVersion, namespace, apiVersions } = defaultContext;
const apis = (flag: string) => apiVersions.flatMap((version) => [flag, version]);

async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', HELM_CACHE_HOME: join(tmpdir(), 'plumbline-bare') };
  return (await run(program, args, { cwd, env, maxBuffer: 1 << 26 })).stdout;
}

function glob(name: string, files: ReadonlyMap<string, string>): string[] {
  const [before = '', after] = name.split('*');
  if (after === undefined) return [name];
  return [...files.keys()].filter((path) => path.startsWith(before) && path.endsWith(after)).sort();
}

/** Value files as arguments, from the chart's folder two levels below the root. */
function valueFiles({ source }: RandomApp, { files }: RandomRepository): string[] {
  const names = (source.helm?.valueFiles ?? []).map((name) => name.replace(/^(\/|\.\.\/\.\.\/|\$here\/)/, ''));
  const listed = names.flatMap((name) => glob(name, files).filter((path) => path === name || !names.includes(path)));
  return listed.flatMap((path) => ['--values', `../../${path}`]);
}

async function bareHelm(helm: string, app: RandomApp, repository: RandomRepository, checkout: string) {
  const copy = await mkdtemp(join(tmpdir(), 'plumbline-bare-'));
  try {
    await cp(checkout, copy, { recursive: true, filter: (path) => !path.endsWith('/.git'), verbatimSymlinks: true });
    const cwd = join(copy, app.source.path);
    const hasDependencies = repository.files.get(`${app.source.path}/Chart.yaml`)?.includes('dependencies:');
    if (hasDependencies) await output(helm, ['dependency', 'build', '.'], cwd);
    const parameters = app.source.helm?.fileParameters ?? [];
    const setFiles = parameters.flatMap(({ name, path }) => ['--set-file', `${name}=../..${path}`]);
    const flags = [
      '--namespace',
      namespace,
      '--kube-version',
      kubeVersion,
      ...apis('--api-versions'),
      '--include-crds',
    ];
    const args = ['template', '.', '--name-template', app.name, ...flags, ...setFiles, ...valueFiles(app, repository)];
    return parseManifests(await output(helm, args, cwd), { file: 'bare.yaml', strict: true, duplicateKeys: 'last' })
      .objects;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function bareDirectory(jsonnet: string, app: RandomApp, repository: RandomRepository, checkout: string) {
  const { recurse = false, exclude, include } = app.source.directory ?? {};
  const prefix = `${app.source.path}/`;
  const relative = [...repository.files.keys()].filter((path) => path.startsWith(prefix));
  const names = relative.map((path) => path.slice(prefix.length)).sort();
  const objects: unknown[] = [];
  for (const name of names) {
    if (!/\.(ya?ml|json|jsonnet)$/.test(name) || (!recurse && name.includes('/'))) continue;
    if (exclude !== undefined && name.startsWith('skip-')) continue;
    if (include !== undefined && !name.endsWith('.yaml')) continue;
    if (name.endsWith('.jsonnet')) {
      objects.push(JSON.parse(await output(jsonnet, ['-J', '../../lib', '-J', '.', name], join(checkout, prefix))));
    } else {
      const text = await readFile(join(checkout, prefix, name), 'utf8').catch(() => '');
      objects.push(...parseManifests(text, { file: name, duplicateKeys: 'last' }).objects);
    }
  }
  return objects;
}

/** Without the file that tells its type a source is a folder of manifests (reference §7.1). */
function typeNow({ type, source }: RandomApp, { files }: RandomRepository): RandomApp['type'] {
  const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
  const isKustomization = kustomizations.some((name) => files.has(`${source.path}/${name}`));
  if (type === 'kustomize' && !source.kustomize && !isKustomization) return 'directory';
  if (type === 'helm' && !source.helm && !files.has(`${source.path}/Chart.yaml`)) return 'directory';
  return type;
}

/** Runs the tools without anything of this project around them. */
export function createBareRender({ kustomize, helm, jsonnet }: Required<RenderTools>): BareRender {
  return async (app, repository, checkout) => {
    try {
      switch (typeNow(app, repository)) {
        case 'helm':
          return await bareHelm(helm, app, repository, checkout);
        case 'directory':
          return await bareDirectory(jsonnet, app, repository, checkout);
        case 'kustomize': {
          const flags = ['--enable-helm', '--helm-command', helm, '--helm-kube-version', kubeVersion];
          const args = ['build', app.source.path, ...flags, ...apis('--helm-api-versions')];
          return parseManifests(await output(kustomize, args, checkout), { file: 'bare.yaml', strict: true }).objects;
        }
      }
    } catch {
      return 'failed';
    }
  };
}
