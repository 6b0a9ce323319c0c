import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultyClient, sharedClient } from '../test-support/clients.ts';
import type { KubeClient } from '../types.ts';

let client: KubeClient;

beforeAll(async () => {
  client = await sharedClient();
}, 600_000);

afterAll(() => client?.close());

describe('discovery', () => {
  it('knows kinds, versions and scope', async () => {
    expect(client.discovery.preferred({ group: 'apps', kind: 'Deployment' })).toMatchObject({
      version: 'v1',
      plural: 'deployments',
      namespaced: true,
      shortNames: ['deploy'],
    });
    expect(client.discovery.preferred({ group: '', kind: 'Namespace' })?.namespaced).toBe(false);
    expect(client.discovery.apiVersions()).toEqual(expect.arrayContaining(['v1', 'v1/Pod', 'apps/v1/Deployment']));
    expect((await client.version()).major).toBe('1');
  });

  it('falls back to the classic documents', async () => {
    await using classic = await faultyClient({ headers: { accept: 'application/json' } });
    const kinds = (from: KubeClient) => from.discovery.all().map(nameOf).sort();
    expect(kinds(classic.client)).toEqual(kinds(client));
    expect(classic.client.requestCounts()['discovery']).toBeGreaterThan(10);
  });
});

function nameOf({ group, version, kind }: { group: string; version: string; kind: string }): string {
  return `${group}/${version}/${kind}`;
}
