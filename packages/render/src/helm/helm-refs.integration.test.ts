import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createGitBackend, createMirrors, type Mirrors } from '@plumbline/git';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { valuesOf, withHelm, writeChart } from '../test-support/chart.ts';
import { createRig, type Rig } from '../test-support/rig.ts';
import type { RenderSurroundings, SiblingSource } from '../types.ts';

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
  let server: Server;
  let url: string;
  let served: { status: number; text: string };
  let asked: (string | undefined)[];
  beforeEach(async () => {
    await writeChart(rig, { path: 'app' });
    served = { status: 200, text: 'from: the web\n' };
    asked = [];
    server = createServer((request, response) => {
      const etag = `"${Buffer.from(served.text).toString('base64')}"`;
      const isKnown = request.headers['if-none-match'] === etag;
      asked.push(request.headers['if-none-match']);
      response.writeHead(isKnown ? 304 : served.status, { etag }).end(isKnown ? undefined : served.text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v.yaml`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const wanting = (more: RenderSurroundings = {}) => ({
    ...withHelm({ valueFiles: [url] }, 'app'),
    surroundings: more,
  });

  it('are downloaded, if the scheme is allowed and the address is', async () => {
    expect(await valuesOf(rig, wanting())).toMatchObject({ from: 'the web' });
    const strict = { ...wanting(), settings: { valuesFileSchemes: ['https'] } };
    await expect(rig.render(strict)).rejects.toThrow(/scheme http, which is not allowed/);
    for (const bad of ['http://169.254.169.254/latest/user-data', 'http://[fd00:ec2::254]/x']) {
      await expect(rig.render(withHelm({ valueFiles: [bad] }, 'app'))).rejects.toThrow(/metadata address/);
    }
  });

  it('are inputs by what they hold: asked for once a minute by all, and at once by a hard refresh', async () => {
    const before = await rig.trace(wanting());
    expect(before).toMatchObject({ momentary: true });
    expect(before.inputs.find(({ from }) => from === 'url:')).toMatchObject({
      path: expect.stringContaining(url),
      oid: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    served.text = 'from: tomorrow\n';
    expect((await rig.trace(wanting())).digest).toBe(before.digest);
    expect(asked).toHaveLength(1);
    expect((await rig.trace(wanting({ fresh: true }))).digest).not.toBe(before.digest);
    expect(await valuesOf(rig, wanting())).toMatchObject({ from: 'tomorrow' });
    expect((await rig.trace(wanting({ fresh: true }))).digest).not.toBe(before.digest);
    expect(asked.filter((etag) => etag !== undefined)).toHaveLength(2);
  });

  it('never render as another content than the one that was traced', async () => {
    const { mirror, commit, source, context } = await rig.open(wanting());
    const traced = await rig.renderer.trace(mirror, commit, source, context);
    served.text = 'from: tomorrow\n';
    await rig.renderer.trace(mirror, commit, source, context, { fresh: true });
    const rendered = rig.renderer.render(mirror, commit, traced, context, {});
    await expect(rendered).rejects.toMatchObject({
      message: expect.stringMatching(/v\.yaml has changed since it was traced/),
      retry: 'transient',
    });
  });

  it.each([
    [404, /value file: http:.*v\.yaml answered 404/],
    [500, /value file: http:.*v\.yaml answered 500/],
  ])('that cannot be had are an error, whatever is ignored: %s', async (status, message) => {
    served.status = status;
    const helm = { valueFiles: [`${url.replace('http://', 'http://me:canary-word@')}?token=canary-word`] };
    const failure = rig.render(withHelm({ ...helm, ignoreMissingValueFiles: true }, 'app'));
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/canary/);
  });
});
