import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ExamplesRepository, makeExamplesRepository, rootApplication } from './examples-repository.ts';

const run = promisify(execFile);
const examples = resolve(import.meta.dirname, '../../../../examples');
let folder: string;
let repository: ExamplesRepository;

const git = async (...args: string[]) => (await run('git', ['-C', repository.folder, ...args])).stdout.trim();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  repository = await makeExamplesRepository(join(folder, 'made', 'examples'));
});
afterEach(() => rm(folder, { recursive: true }));

it('holds all the examples in one commit on main, and nothing that is not committed', async () => {
  expect(repository.url).toBe(`file://${join(folder, 'made', 'examples')}`);
  expect(await git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
  expect(await git('rev-list', '--count', 'HEAD')).toBe('1');
  expect(await git('status', '--porcelain')).toBe('');
  const committed = (await git('ls-tree', '--name-only', 'HEAD')).split('\n').sort();
  expect(committed).toEqual((await readdir(examples)).sort());
});

it('can be cloned by its address', async () => {
  const clone = join(folder, 'clone');
  await run('git', ['clone', '-q', repository.url, clone]);
  expect(await readdir(clone)).toContain('root.yaml');
});

it('is left as it is where the examples have not changed', async () => {
  const before = await git('rev-parse', 'HEAD');
  await makeExamplesRepository(repository.folder);
  expect(await git('rev-parse', 'HEAD')).toBe(before);
});

it('is brought up to date with a commit on top of what is there', async () => {
  await appendFile(join(repository.folder, 'root.yaml'), '# edited\n');
  await git('-c', 'user.name=ann', '-c', 'user.email=ann@example.com', 'commit', '-qam', 'An edit');
  const edited = await git('rev-parse', 'HEAD');
  await makeExamplesRepository(repository.folder);
  expect(await git('rev-parse', 'HEAD~1')).toBe(edited);
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('diff', '--stat', 'HEAD~2', 'HEAD')).toBe('');
});

it('loses what is no example any more', async () => {
  await appendFile(join(repository.folder, 'old.yaml'), 'kind: Old\n');
  await git('add', 'old.yaml');
  await git('-c', 'user.name=ann', '-c', 'user.email=ann@example.com', 'commit', '-qm', 'An old example');
  await makeExamplesRepository(repository.folder);
  expect(await git('ls-tree', '--name-only', 'HEAD')).not.toContain('old.yaml');
});

it('is made whatever repository the environment names', async () => {
  vi.stubEnv('GIT_DIR', join(folder, 'elsewhere'));
  const other = await makeExamplesRepository(join(folder, 'other'));
  vi.unstubAllEnvs();
  expect(await readdir(other.folder)).toContain('.git');
});

it('gives the root Application its own address, everywhere, and the namespace', async () => {
  const root = await rootApplication(repository, 'gitops');
  expect(root).toMatchObject({
    kind: 'Application',
    metadata: { name: 'examples', namespace: 'gitops' },
    spec: { source: { repoURL: repository.url, path: 'apps' } },
  });
  expect(JSON.stringify(root)).not.toContain('git.example.com');
});
