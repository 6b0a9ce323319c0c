import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitHttpServer, type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPluginRig, outcome, type PluginRig, printing } from '../test-support/plugin-rig.ts';
import type { RenderSurroundings } from '../types.ts';

const password = 's3cret/with:signs';
let rig: PluginRig;
let server: GitHttpServer;
let repoURL: string;
let surroundings: RenderSurroundings;
const source = () => ({ repoURL, plugin: { name: 'p' } });

beforeEach(async () => {
  rig = await createPluginRig();
  rig.repository.write('app/word', 'hello');
  await rig.repository.commit();
  server = await gitHttpServer({ folder: rig.repository.folder, username: 'robot', password });
  repoURL = server.repositoryUrl(rig.repository);
  surroundings = { access: async () => ({ url: repoURL, username: 'robot', password }) };
});
afterEach(async () => {
  await server.close();
  await rig[Symbol.asyncDispose]();
});

/** Prints a word of a clone; git's own words go to standard error. */
const cloning = (url = '$ARGOCD_APP_SOURCE_REPO_URL') =>
  printing({ word: '$(cat clone/app/word)' }, `git clone -q "${url}" clone || exit 1`);

it('a plugin with provideGitCreds clones the repository of the source', async () => {
  await rig.start('p', { generate: cloning(), provideGitCreds: true });
  expect(outcome(await rig.render(source(), { surroundings }))).toEqual({ word: 'hello' });
  expect(await rig.copies()).toEqual([]);
});

it('a plugin without it is refused by the server', async () => {
  await rig.start('p', { generate: cloning() });
  const env = { GIT_TERMINAL_PROMPT: '0' };
  await rig.start('q', { generate: cloning() }, { env });
  await expect(rig.render({ ...source(), plugin: { name: 'q' } }, { surroundings })).rejects.toThrow(
    /plugin q: generate .*could not read Username/,
  );
});

it('what is lent opens no other repository of the same server', async () => {
  await using other: GitRepository = await gitRepository();
  other.write('app/word', 'private');
  await other.commit();
  await using both = await gitHttpServer({ folder: other.folder, username: 'robot', password });
  const foreign = both.repositoryUrl(other);
  await rig.start('p', { generate: cloning(foreign), provideGitCreds: true });
  const here = {
    access: async () => ({ url: foreign.replace(/[^/]*\.git$/, 'mine.git'), username: 'robot', password }),
  };
  await expect(rig.render(source(), { surroundings: here })).rejects.toThrow(/could not read Username/);
});

it('no environment holds a secret, and nothing is left to be asked when the command has ended', async () => {
  const before = 'env > seen; echo $GIT_CONFIG_VALUE_0 > ../../../asked';
  const generate = printing({ found: '$(grep -c s3cret seen)', settings: '$(git config --get-all user.name)' }, before);
  const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'me' };
  await rig.start('p', { generate, provideGitCreds: true }, { env });
  expect(outcome(await rig.render(source(), { surroundings }))).toEqual({ found: '0', settings: 'me' });
  expect(await rig.copies()).toEqual(['asked']);
});

it('errors of the commands hide what was lent', async () => {
  const fill = `printf 'url=%s\\n' "$ARGOCD_APP_SOURCE_REPO_URL" | git credential fill >&2; exit 4`;
  await rig.start('p', { generate: { command: ['sh', '-c', fill] }, provideGitCreds: true });
  const failed = rig.render(source(), { surroundings });
  await expect(failed).rejects.toThrow(/ended with code 4: [\s\S]*username=robot\s+password=\*\*\*/);
  await expect(failed).rejects.not.toThrow(/s3cret/);
});

it('a discovery command gets none', async () => {
  const command = ['sh', '-c', 'test -z "$GIT_CONFIG_COUNT" && echo yes'];
  await rig.start('p', { discover: { find: { command } }, generate: cloning(), provideGitCreds: true });
  expect(outcome(await rig.render(source(), { surroundings }))).toEqual({ word: 'hello' });
});

it('what a killed server had lent is gone at once, or once it is started again; all else stays', async () => {
  const generate = { command: ['sh', '-c', 'echo $$ > ../../../pid; exec sleep 1000'] };
  const killed = await rig.start('p', { generate, provideGitCreds: true });
  const rendering = rig.render(source(), { surroundings });
  rendering.catch(() => {});
  const [left = ''] = await readdir(rig.temporary);
  const pid = () => readFile(join(rig.temporary, left, 'pid'), 'utf8').catch(() => '');
  await expect.poll(pid, { timeout: 10_000 }).toMatch(/^\d+\n$/);
  const commandPid = Number(await pid());
  await killed.stop('SIGKILL');
  await expect(rendering).rejects.toMatchObject({ code: 'RENDER_PLUGIN_UNREACHABLE' });
  await expect.poll(() => readdir(rig.temporary), { timeout: 10_000 }).toEqual([]);
  process.kill(commandPid, 'SIGKILL');

  // As where the whole container was killed, and the temporary folder outlives it.
  const former = left.replace(/[^-]*$/, 'former');
  await mkdir(join(rig.temporary, former));
  await rig.start('q', { generate });
  expect(await readdir(rig.temporary)).toContain(former);
  const linked = left.replace(/[^-]*$/, 'linked');
  await mkdir(join(rig.temporary, 'mine'));
  await symlink(join(rig.temporary, 'mine'), join(rig.temporary, linked));
  await rig.start('p', { generate, provideGitCreds: true });
  const present = await readdir(rig.temporary);
  expect(present).not.toContain(former);
  expect(present).toEqual(expect.arrayContaining(['mine', linked]));
  expect(present).toHaveLength(4);
});
