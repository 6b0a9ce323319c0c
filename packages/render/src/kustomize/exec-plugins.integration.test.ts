import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toYaml } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRenderer } from '../renderer.ts';
import { createRig, type Rig } from '../test-support/rig.ts';
import { canRunApart } from '../tool/apart.ts';
import type { Renderer } from '../types.ts';

const settings = { kustomizeBuildOptions: ['--enable-alpha-plugins', '--enable-exec'] };
const options = { source: { path: 'app' }, settings };

/** A "decrypting" generator as KSOPS is one: the files of its configuration, by a key whose place the environment tells. */
const decrypt = `#!/bin/sh
set -eu
test "$(cat "$SOPS_AGE_KEY_FILE")" = the-key
printf 'apiVersion: config.kubernetes.io/v1\\nkind: ResourceList\\nitems:\\n'
sed -n '/^functionConfig:/,$p' | sed -n 's/^ *- \\.\\/\\(.*\\.enc\\)$/\\1/p' | while read -r file; do
  base64 -d "$file" | sed -e 's/^/    /' -e '1s/^   /  -/'
done
`;

/** Says what it sees. */
const look = `#!/bin/sh
env | sort >&2
cat "$HIDDEN_FILE" | sed 's/^/found: /' >&2
find "$WORK_FOLDER/inputs" -name login.enc | sed 's/^/found: /' >&2
cat /proc/[0-9]*/comm | sed 's/^/runs: /' >&2
cat /proc/*/environ | tr '\\0' '\\n' | sort -u >&2
exit 1
`;

const generator = (path: string) => ({
  apiVersion: 'viaduct.ai/v1',
  kind: 'ksops',
  metadata: {
    name: 'secrets',
    annotations: { 'config.kubernetes.io/function': `exec:\n  path: ${path}\n` },
  },
  files: ['./login.enc'],
});
const secret = (password: string) =>
  toYaml({ ...configMap('login'), kind: 'Secret', data: {}, stringData: { password } });

let rig: Rig;
let programs: string;
let pluginEnvironment: Record<string, string>;

beforeEach(async () => {
  rig = await createRig();
  programs = join(rig.folder, 'programs');
  await mkdir(programs);
  await writeFile(join(rig.folder, 'key.txt'), 'the-key');
  pluginEnvironment = {
    PATH: `${programs}:${process.env['PATH']}`,
    SOPS_AGE_KEY_FILE: join(rig.folder, 'key.txt'),
  };
});
afterEach(() => rig[Symbol.asyncDispose]());

const program = async (name: string, text: string) => {
  await writeFile(join(programs, name), text);
  await chmod(join(programs, name), 0o755);
};
const write = async (path = 'ksops', password = 'seesaw') => {
  rig.repository
    .write('app/kustomization.yaml', { generators: ['secrets.yaml'] })
    .write('app/secrets.yaml', generator(path))
    .write('app/login.enc', Buffer.from(secret(password)).toString('base64'));
  await rig.repository.commit();
};
const rendererWith = (environment: Record<string, string>): Renderer =>
  createRenderer({
    tools: rig.tools,
    workFolder: join(rig.folder, 'plugin-work'),
    logger: silentLogger,
    pluginEnvironment: environment,
    hiddenFromPlugins: [join(rig.folder, 'hidden.txt')],
  });
const render = async (renderer = rendererWith(pluginEnvironment), more: object = {}) => {
  const { mirror, commit, source, context } = await rig.open({ ...options, ...more });
  const traced = await renderer.trace(mirror, commit, source, context);
  return { traced, ...(await renderer.render(mirror, commit, traced, context, {})) };
};

describe('an exec generator on PATH', () => {
  beforeEach(() => program('ksops', decrypt));

  it('decrypts files of the repository by a key that only the operator names', async () => {
    await write();
    const { objects } = await render();
    expect(objects).toMatchObject([
      { kind: 'Secret', metadata: { name: 'login' }, stringData: { password: 'seesaw' } },
    ]);
  });

  it('runs again where an encrypted file changes, or what the operator lists', async () => {
    await write();
    const { traced } = await render();
    await write('ksops', 'another');
    const changed = await render();
    expect(changed.objects).toMatchObject([{ stringData: { password: 'another' } }]);
    expect(changed.traced.digest).not.toBe(traced.digest);
    const otherwise = await render(rendererWith({ ...pluginEnvironment, SOPS_MODE: 'x' }));
    expect(otherwise.traced.digest).not.toBe(changed.traced.digest);
  });

  it('is refused where the build options do not allow it', async () => {
    await write();
    await expect(render(undefined, { settings: {} })).rejects.toThrow(/kustomize build app: .*(plugin|exec)/s);
  });

  it('says in the error what it says itself', async () => {
    await write();
    await expect(render(rendererWith({ ...pluginEnvironment, SOPS_AGE_KEY_FILE: '/no/such/key' }))).rejects.toThrow(
      /\/no\/such\/key/,
    );
  });
});

it('an executable of the repository may be a generator too', async () => {
  rig.repository.write('app/decrypt.sh', decrypt);
  await write('./decrypt.sh');
  await rig.repository.git('update-index', '--chmod=+x', 'app/decrypt.sh');
  await rig.repository.git('commit', '-qm', 'executable');
  expect((await render()).objects).toMatchObject([{ stringData: { password: 'seesaw' } }]);
});

it('the older form of exec plugins is found where the operator says', async () => {
  const home = join(programs, 'config/kustomize/plugin/viaduct.ai/v1/ksops');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'ksops'), '#!/bin/sh\nbase64 -d login.enc\n');
  await chmod(join(home, 'ksops'), 0o755);
  await write();
  const { metadata: _metadata, ...config } = generator('');
  rig.repository.write('app/secrets.yaml', { ...config, metadata: { name: 'secrets' } });
  await rig.repository.commit();
  const environment = { ...pluginEnvironment, XDG_CONFIG_HOME: join(programs, 'config') };
  expect((await render(rendererWith(environment))).objects).toMatchObject([{ kind: 'Secret' }]);
});

describe('what a plugin sees', () => {
  const canary = 'PLUMBLINE_TEST_CANARY';
  beforeEach(async () => {
    process.env[canary] = 'canary-word';
    await program('ksops', look);
    await write();
  });
  afterEach(() => {
    delete process.env[canary];
  });

  it('is the environment of tools and what the operator lists, not that of the engine', async () => {
    await writeFile(join(rig.folder, 'hidden.txt'), 'found\n');
    const places = { HIDDEN_FILE: join(rig.folder, 'hidden.txt'), WORK_FOLDER: join(rig.folder, 'plugin-work') };
    const failure = await render(rendererWith({ ...pluginEnvironment, ...places })).catch(
      (error: Error) => error.message,
    );
    expect(failure).toContain(`SOPS_AGE_KEY_FILE=${pluginEnvironment['SOPS_AGE_KEY_FILE']}`);
    expect(failure).not.toContain('canary-word');
    const apart = await canRunApart();
    expect(String(failure).includes('runs: node')).toBe(!apart);
    expect(String(failure).includes('found: ')).toBe(!apart);
  });
});

it('what a plugin writes beside the files stays within its render', async () => {
  await program('ksops', `${decrypt}echo changed >login.enc\necho left >left.txt\n`);
  await write();
  const renderer = rendererWith(pluginEnvironment);
  await render(renderer);
  expect((await render(renderer)).objects).toMatchObject([{ stringData: { password: 'seesaw' } }]);
});
