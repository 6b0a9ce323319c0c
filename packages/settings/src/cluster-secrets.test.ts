import { describe, expect, it } from 'vitest';
import { resolveDestination } from './resolve-destination.ts';
import { type Data, readSecrets as read, typedSecret } from './test-support/snapshots.ts';

const cluster = (name: string, data: Data) => typedSecret('cluster', name, data);
const own = 'https://kubernetes.default.svc';

describe('clusters', () => {
  it('are the control plane’s own where nothing else is named', () => {
    expect(read([]).clusters).toMatchObject([{ name: 'in-cluster', server: own, secretName: undefined }]);
  });

  it('come from Secrets besides', () => {
    const data = {
      name: 'prod',
      server: 'https://prod.example.com/',
      config: '{"bearerToken":"t"}',
      namespaces: 'a, b',
      clusterResources: 'true',
      project: 'team',
      shard: '2',
    };
    expect(read([cluster('prod-secret', data)]).clusters.slice(1)).toMatchObject([
      {
        name: 'prod',
        server: 'https://prod.example.com',
        secretName: 'prod-secret',
        config: { bearerToken: 't' },
        namespaces: ['a', 'b'],
        clusterResources: true,
        project: 'team',
        shard: 2,
      },
    ]);
  });

  it('are named by their server where they have no name', () => {
    expect(read([cluster('c', { server: 'https://c' })]).clusters[1]?.name).toBe('https://c');
  });

  it('take name and limits of the own cluster from its Secret, but connect to it by own means', () => {
    const { clusters } = read([
      cluster('c', { server: own, name: 'home', namespaces: 'a', config: '{"bearerToken":"t"}' }),
    ]);
    expect(clusters).toMatchObject([{ name: 'home', server: own, secretName: undefined, namespaces: ['a'] }]);
  });

  it.each([
    [
      'config that is no JSON',
      { config: '{"bearerToken": s3cret' },
      'config',
      'expected a JSON object; it does not parse',
    ],
    [
      'insecure with a CA',
      { config: '{"tlsClientConfig":{"insecure":true,"caData":"YQ=="}}' },
      'config',
      'tlsClientConfig: insecure and caData exclude each other',
    ],
    ['a shard that is no number', { shard: 'x' }, 'shard', 'expected a whole number that is not negative'],
    ['a server that is no URL', { server: 'prod' }, 'server', 'expected the URL of an API server'],
  ])('tell %s without quoting it', (_, data, key, message) => {
    const { problems } = read([cluster('c', { server: 'https://c', ...data })]);
    expect(problems).toEqual([{ object: 'Secret c', key, message }]);
  });

  it('keep the last good config', () => {
    const first = read([cluster('c', { server: 'https://c', config: '{"bearerToken":"t"}' })]);
    const second = read([cluster('c', { server: 'https://c', config: '{' })], first.good);
    expect(second.clusters[1]?.config).toEqual({ bearerToken: 't' });
  });
});

describe('resolveDestination', () => {
  const { clusters } = read([
    cluster('a', { server: 'https://a', name: 'one' }),
    cluster('b', { server: 'https://b', name: 'twice' }),
    cluster('c', { server: 'https://c', name: 'twice' }),
  ]);

  it.each([
    [{ server: own }, own],
    [{ name: 'in-cluster' }, own],
    [{ server: 'https://a/' }, 'https://a'],
    [{ name: 'one', server: '' }, 'https://a'],
  ])('%j is %s', (destination, server) => expect(resolveDestination(clusters, destination).server).toBe(server));

  it.each([
    [
      { server: 'https://a', name: 'one' },
      "application destination can't have both name and server defined: one https://a",
    ],
    [{}, 'Destination server missing from app spec'],
    [{ name: 'nobody' }, 'there are no clusters with this name: nobody'],
    [{ name: 'twice' }, 'there are 2 clusters with the same name: [https://b https://c]'],
    [{ server: 'https://x/' }, 'error getting cluster by server "https://x/": cluster "https://x" not found'],
  ])('%j is refused', (destination, message) => {
    expect(() => resolveDestination(clusters, destination)).toThrow(message);
  });
});
