import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const environment = { PLUMB_REDIS_URL: 'redis://r', PLUMB_DATA_DIR: '/data' };

it('takes what is needed from the environment and fills in the rest', () => {
  expect(readConfig([], environment)).toEqual({
    redisUrl: 'redis://r',
    cluster: { kind: 'in-cluster' },
    namespace: 'argocd',
    dataFolder: '/data',
    tools: { kustomize: 'kustomize', helm: 'helm' },
    limits: {},
    pluginEnvironment: {},
    pluginSockets: '/home/argocd/cmp-server/plugins',
    azureHosts: [],
    metricsPort: 0,
    metricsHost: '127.0.0.1',
    logLevel: 'info',
  });
});

it('lets flags win over the environment', () => {
  const config = readConfig(['--kubeconfig', '/kc', '--context', 'c', '--namespace=n', '--jsonnet', '/j'], {
    ...environment,
    PLUMB_NAMESPACE: 'e',
  });
  expect(config.cluster).toEqual({ kind: 'kubeconfig', path: '/kc', context: 'c' });
  expect(config.namespace).toBe('n');
  expect(config.tools.jsonnet).toBe('/j');
});

it('lets plugins see what the operator lists, and never our own settings', () => {
  const plugins = { PLUMB_PLUGIN_ENV: 'SOPS_AGE_KEY_FILE, AWS_* P*', PATH: '/bin', HOME: '/root', UNSET: undefined };
  const values = { SOPS_AGE_KEY_FILE: '/keys/age', AWS_REGION: 'eu', AWS_PROFILE: 'ops', SOPS_OTHER: 'x' };
  expect(readConfig([], { ...environment, ...plugins, ...values }).pluginEnvironment).toEqual({
    SOPS_AGE_KEY_FILE: '/keys/age',
    AWS_REGION: 'eu',
    AWS_PROFILE: 'ops',
    PATH: '/bin',
  });
});

it('takes limits as numbers and quantities', () => {
  const args = ['--tool-timeout=30', '--tool-memory', '512Mi', '--max-objects', '10', '--max-index-bytes=1Mi'];
  const { limits } = readConfig(args, { ...environment, PLUMB_MAX_OUTPUT: '8Ki' });
  expect(limits).toEqual({
    timeoutMs: 30_000,
    maxMemoryBytes: 536_870_912,
    maxObjects: 10,
    maxOutputBytes: 8192,
    maxIndexBytes: 1_048_576,
  });
});

it.each<[string, string[], Record<string, string>]>([
  ['a missing Redis', [], { PLUMB_DATA_DIR: '/data' }],
  ['the whole environment for plugins', ['--plugin-env', '*'], environment],
  ['our own settings for plugins', ['--plugin-env', 'PLUMB_*'], environment],
  ['an unknown flag', ['--nope'], environment],
  ['a limit that is none', ['--tool-memory', '0'], environment],
  ['a limit that is no number', ['--max-objects', 'many'], environment],
  ['a port that is none', ['--metrics-port', 'x'], environment],
])('refuses %s', (_case, args, given) => {
  expect(() => readConfig(args, given)).toThrow(expect.objectContaining({ code: 'REPO_SERVER_CONFIG' }));
});

it('reads the address of Redis from a file, so that no environment holds its password', async () => {
  const file = join(tmpdir(), `plumbline-redis-url-${process.pid}`);
  await writeFile(file, 'redis://:secret@localhost:6379\n', { mode: 0o600 });
  try {
    const { PLUMB_REDIS_URL: _, ...others } = environment;
    expect(readConfig([], { ...others, PLUMB_REDIS_URL_FILE: file })).toMatchObject({
      redisUrl: 'redis://:secret@localhost:6379',
    });
  } finally {
    await rm(file);
  }
  expect(() => readConfig(['--redis-url-file', file], environment)).toThrow(/--redis-url-file: .*no such file/);
});
