import { expect, test } from 'vitest';
import { acceptedVersion, catalog, type ToolName } from './catalog.ts';
import { compareVersions, versionIn } from './version.ts';

const cases: { tool: ToolName; output: string; version: string | undefined }[] = [
  { tool: 'etcd', output: 'etcd Version: 3.6.8\nGit SHA: none\nGo Version: go1.26.8', version: '3.6.8' },
  { tool: 'etcd', output: 'etcd Version: 3.5.21', version: undefined },
  { tool: 'kube-apiserver', output: 'Kubernetes v1.36.1', version: '1.36.1' },
  { tool: 'kube-apiserver', output: 'Kubernetes v1.35.4', version: undefined },
  { tool: 'kwok', output: 'kwok version v0.8.0 go1.26.8 (linux/amd64)', version: '0.8.0' },
  { tool: 'kwok', output: 'kwok version v0.7.0 go1.25.0 (linux/amd64)', version: undefined },
  { tool: 'helm', output: 'v3.22.0', version: '3.22.0' },
  { tool: 'helm', output: 'v3.14.2+gc309b6f', version: '3.14.2' },
  { tool: 'helm', output: 'v4.0.1', version: undefined },
  { tool: 'kustomize', output: 'v5.8.1', version: '5.8.1' },
  { tool: 'kustomize', output: '{kustomize/v5.0.0  2023-02-02T11:41:40Z  }', version: '5.0.0' },
  { tool: 'kustomize', output: 'v4.5.7', version: undefined },
  { tool: 'jsonnet', output: 'Jsonnet commandline interpreter (Go implementation) v0.22.0', version: '0.22.0' },
  { tool: 'jsonnet', output: 'Jsonnet commandline interpreter v0.20.0', version: undefined },
  { tool: 'git', output: 'git version 2.39.5', version: '2.39.5' },
  { tool: 'git', output: 'git version 2.39.5 (Apple Git-154)', version: '2.39.5' },
  { tool: 'git', output: 'git version 2.30.2', version: undefined },
  {
    tool: 'redis-server',
    output: 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64',
    version: '7.0.15',
  },
  { tool: 'redis-server', output: 'Redis server v=5.0.3 sha=00000000:0', version: undefined },
  { tool: 'helm', output: 'no version here', version: undefined },
];

test.each(cases)('$tool that says "$output" is taken as $version', ({ tool, output, version }) => {
  const entry = catalog[tool];
  if (entry.kind === 'files') throw new Error('files are not on PATH');
  expect(acceptedVersion(entry.onPath, output)).toBe(version);
});

test('versions are ordered by their numbers, not by their text', () => {
  const sorted = ['1.10.0', '1.9.2', 'v1.9', '2.0'].map((text) => versionIn(text) ?? { major: 0, minor: 0, patch: 0 });
  expect(sorted.toSorted(compareVersions).map((v) => `${v.major}.${v.minor}.${v.patch}`)).toEqual([
    '1.9.0',
    '1.9.2',
    '1.10.0',
    '2.0.0',
  ]);
});
