import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createGitBackend, createMirrors, type Mirrors } from '@plumbline/git';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { valuesOf, withHelm, writeChart } from '../test-support/chart.ts';
import { createRig, type Rig } from '../test-support/rig.ts';
import type { SiblingSource } from '../types.ts';

let rig: Rig;
let values: GitRepository;
let mirrors: Mirrors;
beforeEach(async () => {
  rig = await createRig();
  values = await gitRepository();
  mirrors = createMirrors({
    backend: createGitBackend({ logger: silentLogger, metrics: createMetrics({ processMetrics: false }) }),
    folder: join(rig.folder, 'siblings'),
    logger: silentLogger,
  });
  values.write('env/prod.yaml', { from: 'prod' }).write('env/test.yaml', { from: 'test' }).write('note.txt', 'a note');
  await values.commit();
});
afterEach(async () => {
  await mirrors.close();
  await values[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

async function sibling(revision = 'HEAD'): Promise<SiblingSource> {
  const mirror = await mirrors.get({ url: values.url });
  const { commit } = await mirror.resolve(revision);
  return { repoURL: values.url, revision: commit, open: async () => mirror };
}

async function referring(helm: object, refs?: Record<string, SiblingSource>) {
  const named = refs ?? { vals: await sibling() };
  return { ...withHelm(helm, 'app'), surroundings: { refs: new Map(Object.entries(named)) } };
}

describe('files of another source', () => {
  beforeEach(() => writeChart(rig, { path: 'app' }));

  it('are value files and file parameters', async () => {
    const helm = { valueFiles: ['$vals/env/prod.yaml'], fileParameters: [{ name: 'note', path: '$vals/note.txt' }] };
    expect(await valuesOf(rig, await referring(helm))).toMatchObject({ from: 'prod', note: 'a note' });
  });

  it('are found by globs, beside files of the chart', async () => {
    const helm = { valueFiles: ['$vals/env/*.yaml', 'values.yaml'] };
    expect(await valuesOf(rig, await referring(helm))).toMatchObject({ from: 'chart' });
    expect(await valuesOf(rig, await referring({ valueFiles: ['$vals/env/*.yaml'] }))).toMatchObject({ from: 'test' });
  });

  it('come from one repository at two revisions at one time', async () => {
    const old = await sibling();
    await values.write('env/prod.yaml', { from: 'tomorrow', deep: { new: 1 } }).commit();
    const helm = { valueFiles: ['$new/env/prod.yaml', '$old/env/prod.yaml'] };
    const read = await valuesOf(rig, await referring(helm, { old, new: await sibling() }));
    expect(read).toMatchObject({ from: 'prod', deep: { new: 1 } });
  });

  it('are inputs, and nothing else of their repository', async () => {
    const helm = { valueFiles: ['$vals/env/prod.yaml'] };
    const before = await rig.trace(await referring(helm));
    await values.write('note.txt', 'another note').commit();
    expect((await rig.trace(await referring(helm))).digest).toBe(before.digest);
    await values.write('env/prod.yaml', { from: 'tomorrow' }).commit();
    expect((await rig.trace(await referring(helm))).digest).not.toBe(before.digest);
    expect(before.inputs).toContainEqual({ from: 'vals', path: 'env/prod.yaml', oid: expect.any(String) });
  });

  it('may be missing where that is allowed, and appear later', async () => {
    const helm = { valueFiles: ['$vals/env/none.yaml'], ignoreMissingValueFiles: true };
    const before = await rig.trace(await referring(helm));
    await values.write('env/none.yaml', { from: 'late' }).commit();
    expect((await rig.trace(await referring(helm))).digest).not.toBe(before.digest);
    expect(await valuesOf(rig, await referring(helm))).toMatchObject({ from: 'late' });
  });

  it.each([
    [{ valueFiles: ['$other/x.yaml'] }, /value file \$other\/x.yaml refers to "\$other"/],
    [{ fileParameters: [{ name: 'a', path: '$other/x' }] }, /file parameter \$other\/x refers to "\$other"/],
    [{ valueFiles: ['$vals/none.yaml'] }, /value file \$vals\/none.yaml does not exist at revision [0-9a-f]{40}/],
    [{ valueFiles: ['$vals/../../x.yaml'] }, /value file \$vals\/..\/..\/x.yaml is outside the repository/],
    [{ valueFiles: ['$vals'] }, /value file \$vals\/ is not a file/],
    [{ valueFiles: ['$chart/values.yaml'] }, /refers to "\$chart", which is the chart thing/],
  ])('that cannot be had are an error: %j', async (helm, message) => {
    const vals = await sibling();
    await expect(rig.render(await referring(helm, { vals, chart: { ...vals, chart: 'thing' } }))).rejects.toThrow(
      message,
    );
  });

  it('are named in errors as the options name them', async () => {
    await values.write('env/prod.yaml', 'a: [b\nc: }').commit();
    await expect(rig.render(await referring({ valueFiles: ['$vals/env/prod.yaml'] }))).rejects.toThrow(
      /\$vals\/env\/prod\.yaml/,
    );
  });
});

describe('value files by URL', () => {
  it('are downloaded, if the scheme is allowed and the address is', async () => {
    await writeChart(rig, { path: 'app' });
    const server = createServer((_request, response) => response.end('from: the web\n'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v.yaml`;
    const options = withHelm({ valueFiles: [url] }, 'app');
    expect(await valuesOf(rig, options)).toMatchObject({ from: 'the web' });
    const strict = { ...options, settings: { valuesFileSchemes: ['https'] } };
    await expect(rig.render(strict)).rejects.toThrow(/scheme http, which is not allowed/);
    server.close();
    for (const bad of ['http://169.254.169.254/latest/user-data', 'http://[fd00:ec2::254]/x']) {
      await expect(rig.render(withHelm({ valueFiles: [bad] }, 'app'))).rejects.toThrow(/metadata address/);
    }
  });
});
