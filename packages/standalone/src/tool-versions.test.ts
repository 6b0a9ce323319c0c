import { expect, it } from 'vitest';
import { toolVersions, versionIn } from './tool-versions.ts';

it.each([
  ['v5.8.1\n', 'v5.8.1'],
  ['v3.19.0+g1234567', 'v3.19.0+g1234567'],
  ['Jsonnet commandline interpreter (Go implementation) v0.21.0\n', 'v0.21.0'],
  ['version.BuildInfo{Version:"v4.0.0"}', 'v4.0.0'],
  ['no version', undefined],
])('finds the version in %j', (output, version) => expect(versionIn(output)).toBe(version));

it('leaves out a tool that cannot be asked', async () => {
  const node = process.execPath;
  const versions = await toolVersions({ kustomize: '/no/such', helm: node, jsonnet: node });
  expect(versions).toEqual({ JsonnetVersion: process.version });
});
