import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type KubeObject, parseManifests } from '@plumbline/manifests';

const run = promisify(execFile);
const examples = resolve(import.meta.dirname, '../../../../examples');
const placeholder = 'https://git.example.com/plumbline/examples.git';

/** A local Git repository made from `examples/`. */
export interface ExamplesRepository {
  folder: string;
  url: string;
}

/** Nothing of the user's: neither settings (signing, hooks, line ends) nor a `GIT_DIR` that names another repository. */
const gitEnvironment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
};

/** Makes the repository, or brings an existing one up to date with a commit where the examples have changed. */
export async function makeExamplesRepository(folder: string): Promise<ExamplesRepository> {
  await mkdir(folder, { recursive: true });
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=plumb', '-c', 'user.email=plumb@localhost', ...args], {
      env: gitEnvironment,
    });
  await git('init', '-q', '-b', 'main');
  await git('rm', '-rqf', '--ignore-unmatch', '.');
  await cp(examples, folder, { recursive: true });
  await git('add', '-A');
  const { stdout } = await git('status', '--porcelain');
  if (stdout.trim() !== '') await git('commit', '-q', '-m', 'The examples');
  return { folder, url: `file://${folder}` };
}

/** The root Application with the repository's address in place of the placeholder. */
export async function rootApplication(repository: ExamplesRepository, namespace: string): Promise<KubeObject> {
  const text = await readFile(join(repository.folder, 'root.yaml'), 'utf8');
  const { objects } = parseManifests(text.replaceAll(placeholder, repository.url), { file: 'root.yaml' });
  const [root] = objects;
  if (!root) throw new Error('examples/root.yaml holds no Application');
  return { ...root, metadata: { ...root.metadata, namespace } };
}
