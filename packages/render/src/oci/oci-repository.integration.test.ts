import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChartSources } from '../charts/chart-sources.ts';
import type { ChartAccess, ChartSources } from '../charts/types.ts';
import { type Registry, startRegistry } from '../test-support/registry.ts';

const user = { username: 'reader', password: 'canary-word' };
let folder: string;
let registry: Registry;
let digest: string;
let access: Omit<ChartAccess, 'url'>;
let charts: ChartSources;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-charts-'));
  registry = await startRegistry(user);
  for (const version of ['1.0.0', '1.3.0', '2.0.0-rc.1', '1.3.0+build.1']) {
    digest = await registry.pushChart('team', 'thing', version, { 'values.yaml': `version: ${version}\n` });
  }
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  access = { ...user, insecureOciForceHttp: true };
  charts = createChartSources({ folder, access: (url) => ({ url, ...access }), declared: () => undefined });
});

const chart = (version: string) => ({
  repoURL: `${registry.host}/team`,
  chart: 'thing',
  version,
  project: 'default',
});

describe('a registry', () => {
  it.each([
    ['1.0.0', '1.0.0'],
    ['1.*', '1.3.0+build.1'],
    ['>=2.0.0-0', '2.0.0-rc.1'],
    ['1.3.0+build.1', '1.3.0+build.1'],
  ])('resolves %s to %s', async (wanted, version) => {
    expect(await charts.resolve(chart(wanted))).toBe(version);
  });

  it('gives the files of a chart, however it is named', async () => {
    const oci = `oci://${registry.host}/team`;
    const named = [
      chart('1.3.0'),
      { ...chart('1.3.0'), repoURL: oci },
      { repoURL: `${oci}/thing`, version: '1.3.0', project: 'default' },
    ];
    for (const reference of named) {
      const reader = await charts.open(reference);
      const root = await reader.readTree(await reader.rootTree('1.3.0'));
      const values = root.find(({ name }) => name === 'values.yaml');
      expect(Buffer.from(await reader.readBlob(values?.oid ?? '')).toString()).toBe('version: 1.3.0\n');
    }
  });

  it('resolves an artifact to the digest of its manifest, by which it can be had', async () => {
    const artifact = { repoURL: `oci://${registry.host}/team/thing`, project: 'default' };
    expect(await charts.resolve({ ...artifact, version: '1.3.0+build.1' })).toBe(digest);
    expect(await charts.fetch({ ...artifact, version: digest })).toMatchObject({ version: digest });
  });

  it.each([
    ['9.9.9', 'thing', /team\/thing has no version 9.9.9/],
    ['>9', 'thing', /team\/thing has no version >9/],
    ['1.0.0', 'nothing', /team\/nothing does not exist/],
  ])('names what it does not have: %s of %s', async (version, name, message) => {
    await expect(charts.resolve({ ...chart(version), chart: name })).rejects.toThrow(message);
  });

  it.each(['oci://me:canary-word@', 'me:canary-word@', 'oci://HOST/../'])('must have a name: %s', async (start) => {
    const failure = charts.resolve({
      repoURL: `${start}${registry.host}/team/thing`,
      version: '1.0.0',
      project: 'default',
    });
    await expect(failure).rejects.toThrow(/no name of an artifact in a registry/);
    await expect(failure).rejects.not.toThrow(/canary/);
  });

  it('lets nobody else in', async () => {
    for (const other of [{}, { username: 'reader', password: 'wrong' }]) {
      access = { insecureOciForceHttp: true, ...other };
      await expect(charts.fetch(chart('1.0.0'))).rejects.toMatchObject({ code: 'DOWNLOAD_AUTHENTICATION' });
    }
  });

  it('is spoken to without encryption only where that is declared', async () => {
    access = user;
    await expect(charts.resolve(chart('1.0.0'))).rejects.toThrow(/https:.* cannot be reached/);
  });
});

describe('a registry with tokens', () => {
  it('gets the credentials changed into a token, once', async () => {
    const log: string[] = [];
    const basic = `Basic ${Buffer.from('reader:canary-word').toString('base64')}`;
    const server: Server = createServer((request, response) => {
      const url = new URL(request.url ?? '', `http://${request.headers.host}`);
      const { authorization } = request.headers;
      log.push(`${url.pathname} ${authorization === basic ? 'basic' : (authorization ?? '')}`);
      if (url.pathname === '/token') {
        const scope = url.searchParams.get('scope');
        return response.end(JSON.stringify({ token: `t-${scope}`, expires_in: 300 }));
      }
      if (authorization !== 'Bearer t-repository:team/thing:pull') {
        const challenge = `Bearer realm="${url.origin}/token",service="reg",scope="repository:team/thing:pull"`;
        return response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
      return response.end(JSON.stringify({ name: 'team/thing', tags: ['1.0.0', '1.1.0'] }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const repoURL = `oci://127.0.0.1:${(server.address() as AddressInfo).port}/team`;
    const reference = { repoURL, chart: 'thing', version: '1.*', project: 'default' };
    expect(await charts.resolve(reference)).toBe('1.1.0');
    expect(await charts.resolve(reference)).toBe('1.1.0');
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    const list = '/v2/team/thing/tags/list';
    const bearer = 'Bearer t-repository:team/thing:pull';
    expect(log).toEqual([`${list} basic`, '/token basic', `${list} ${bearer}`, `${list} ${bearer}`]);
  });
});
