import { checkoutFacts } from '@plumbline/telemetry/program-facts';
import { expect, it } from 'vitest';
import { versionInfo } from './version.ts';

it('tells what runs here, from which commit, and no version of a tool that is not there', async () => {
  const none = '/no/such';
  const version = await versionInfo({ kustomize: none, helm: none, jsonnet: process.execPath });
  expect(version).toEqual({
    Version: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
    ...(await checkoutFacts()),
    Compiler: expect.stringMatching(/^v8 \d/),
    Platform: expect.stringMatching(/^\w+\/\w+$/),
    NodeVersion: process.version,
    JsonnetVersion: process.version,
  });
});
