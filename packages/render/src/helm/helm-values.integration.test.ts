import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { valuesOf, withHelm, writeChart } from '../test-support/chart.ts';
import { createRig, type Rig, variable } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

describe('values', () => {
  it('come from the chart, then files, then inline, then parameters', async () => {
    rig.repository.write('f.yaml', { a: 'file', b: 'file', c: 'file' });
    await writeChart(rig, { values: { a: 'chart', b: 'chart', c: 'chart', d: 'chart' } });
    const helm = {
      valueFiles: ['f.yaml'],
      values: 'b: inline\nc: inline\n',
      parameters: [{ name: 'c', value: 'parameter' }],
    };
    expect(await valuesOf(rig, withHelm(helm))).toEqual({ a: 'file', b: 'inline', c: 'parameter', d: 'chart' });
    expect(await valuesOf(rig, withHelm({ ...helm, valuesObject: { b: 'object' } }))).toMatchObject({
      b: 'object',
      c: 'parameter',
    });
  });

  it('have files relative to the chart or to the root of the repository', async () => {
    rig.repository
      .write('env/top.yaml', { top: 1 })
      .write('charts/env/near.yaml', { near: 1 })
      .write('etc/passwd', { own: 1 });
    await writeChart(rig, { path: 'charts/app', values: {} });
    const options = withHelm({ valueFiles: ['/env/top.yaml', '../env/near.yaml', '/etc/passwd'] }, 'charts/app');
    expect(await valuesOf(rig, options)).toEqual({ top: 1, near: 1, own: 1 });
    const chart = ['Chart.yaml', 'templates', 'values.yaml'].map((name) => `charts/app/${name}`);
    expect(await rig.inputs(options)).toEqual([...chart, 'charts/env/near.yaml', 'env/top.yaml', 'etc/passwd']);
  });

  it('have parameters with types unless they are forced to be strings', async () => {
    await writeChart(rig, { values: { gone: 'default' } });
    const parameters = [
      { name: 'gone', value: 'null' },
      { name: 'n', value: '1' },
      { name: 'fn', value: '1', forceString: true },
      { name: 'comma', value: 'a,b' },
      { name: 'list', value: '{a,b}' },
      { name: 'odd', value: 'a b; touch /tmp/never "q" `id` $$(id) | & > *' },
    ];
    expect(await valuesOf(rig, withHelm({ parameters }))).toEqual({
      n: 1,
      fn: '1',
      comma: 'a,b',
      list: ['a', 'b'],
      odd: 'a b; touch /tmp/never "q" `id` $(id) | & > *',
    });
  });

  it('may be missing when told so, and are named when not', async () => {
    rig.repository.write('here.yaml', { from: 'here' });
    await writeChart(rig);
    const valueFiles = ['absent.yaml', 'here.yaml', 'gone/*.yaml'];
    await expect(rig.render(withHelm({ valueFiles }))).rejects.toThrow(
      /absent\.yaml does not exist at revision [0-9a-f]{40}/,
    );
    const options = withHelm({ valueFiles, ignoreMissingValueFiles: true });
    expect((await valuesOf(rig, options))['from']).toBe('here');
    const inputs = await rig.inputs(withHelm({ valueFiles: ['/gone.yaml'], ignoreMissingValueFiles: true }));
    expect(inputs).toEqual(['Chart.yaml', '!gone.yaml', 'templates', 'values.yaml']);
  });

  it('may be globs, sorted; a file named itself keeps its place', async () => {
    rig.repository
      .write('v/a.yaml', { from: 'a' })
      .write('v/z.yaml', { from: 'z' })
      .write('v/deep/y.yaml', { deepest: true });
    await writeChart(rig);
    expect((await valuesOf(rig, withHelm({ valueFiles: ['v/*.yaml'] })))['from']).toBe('z');
    expect((await valuesOf(rig, withHelm({ valueFiles: ['v/*.yaml', 'v/a.yaml'] })))['from']).toBe('a');
    expect((await valuesOf(rig, withHelm({ valueFiles: ['v/**/*.yaml'] })))['deepest']).toBe(true);
    await expect(rig.render(withHelm({ valueFiles: ['w/*.yaml'] }))).rejects.toThrow(/w\/\*\.yaml matches no file/);
  });

  it('may be fetched from a URL', async () => {
    await writeChart(rig);
    const server = createServer((_request, response) => response.end('from: the web\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await valuesOf(rig, withHelm({ valueFiles: [`http://127.0.0.1:${port}/v.yaml`] }));
    server.close();
    expect(found['from']).toBe('the web');
    await expect(rig.render(withHelm({ valueFiles: ['s3://bucket/v.yaml'] }))).rejects.toThrow(/scheme s3/);
  });

  it('see the build environment, but not inline', async () => {
    rig.repository.write('values-guestbook.yaml', { mine: 1 }).write('guestbook.txt', 'text');
    const revision = await writeChart(rig, { values: {} });
    const parameters = [
      { name: 'short', value: `x-${variable('ARGOCD_APP_REVISION_SHORT')}` },
      { name: 'escaped', value: '$$ARGOCD_APP_NAME' },
      { name: 'unknown', value: '[$NO_SUCH_THING]' },
      { name: 'path', value: '$ARGOCD_APP_SOURCE_PATH' },
    ];
    const helm = {
      valueFiles: ['values-$ARGOCD_APP_NAME.yaml'],
      fileParameters: [{ name: 'file', path: `${variable('ARGOCD_APP_NAME')}.txt` }],
      parameters,
      values: 'inline: $ARGOCD_APP_NAME\n',
    };
    expect(await valuesOf(rig, withHelm(helm))).toEqual({
      mine: 1,
      file: 'text',
      short: `x-${revision.slice(0, 7)}`,
      escaped: '$ARGOCD_APP_NAME',
      unknown: '[]',
      path: '.',
      inline: '$ARGOCD_APP_NAME',
    });
  });

  it.each(['../../../../etc/hostname', '/../../../etc/hostname'])(
    'cannot come from outside the repository: %s',
    async (path) => {
      await writeChart(rig, { path: 'app' });
      await expect(rig.render(withHelm({ valueFiles: [path] }, 'app'))).rejects.toThrow(/outside the repository/);
      await expect(rig.render(withHelm({ fileParameters: [{ name: 'leak', path }] }, 'app'))).rejects.toThrow(
        /outside the repository/,
      );
      await expect(rig.render(withHelm({ valueFiles: [`${path}*`] }, 'app'))).rejects.toThrow(/outside the repository/);
    },
  );

  it('of an unknown source are refused by name', async () => {
    await writeChart(rig);
    await expect(rig.render(withHelm({ valueFiles: ['$values/x.yaml'] }))).rejects.toThrow(/"\$values"/);
  });
});
