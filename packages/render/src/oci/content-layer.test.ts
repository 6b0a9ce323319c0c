import { describe, expect, it } from 'vitest';
import { chartLayerType, defaultArchiveLimits } from '../charts/archive-limits.ts';
import { contentLayer } from './content-layer.ts';
import { registryHost } from './oci-client.ts';

const { layerMediaTypes: allowed } = defaultArchiveLimits;
const [tar = '', tarGzip = ''] = allowed;
const provenance = 'application/vnd.cncf.helm.chart.provenance.v1.prov';
const chartConfig = 'application/vnd.cncf.helm.config.v1+json';

const chosen = (types: readonly string[], config = 'application/vnd.oci.image.config.v1+json', may = allowed) => {
  const layers = types.map((mediaType, index) => ({ mediaType, digest: `sha256:${index}`, size: 1 }));
  const manifest = { digest: 'sha256:m', config: { mediaType: config }, annotations: {}, layers };
  return contentLayer(manifest, 'r.example/app', may).digest;
};

describe('the layer with the files', () => {
  it.each<[string, readonly string[], string, readonly string[]]>([
    ['a tar', [tar], 'x', allowed],
    ['a gzipped tar', [tarGzip], 'x', allowed],
    ['a chart', [chartLayerType], chartConfig, allowed],
    ['a chart without its configuration', [chartLayerType], 'x', allowed],
    ['a chart with its provenance', [chartLayerType, provenance], chartConfig, allowed],
    ['a chart with another archive', [chartLayerType, tarGzip], chartConfig, allowed],
    ['an archive with a signature', [tarGzip, 'application/vnd.dev.cosign.simplesigning.v1+json'], 'x', allowed],
    ['a type that is no archive by its name', ['application/x.files'], 'x', ['application/x.files']],
  ])('is the first of %s', (_what, types, config, may) => {
    expect(chosen(types, config, may)).toBe('sha256:0');
  });

  it.each<[string, readonly string[], string, RegExp]>([
    ['two archives', [tar, tarGzip], 'x', /has 2 \(layers/],
    ['none', [], 'x', /has 0 \(layers: none\)/],
    ['only other things', [provenance], 'x', /has 0/],
    ['a chart that is none', [tarGzip], chartConfig, /has 0/],
    ['a type that is not allowed', ['application/x+tar'], 'x', /type application\/x\+tar, which is not allowed/],
    ['an allowed and another type', [tarGzip, 'application/x.tar+gzip'], 'x', /has 2/],
    ['very many', Array.from({ length: 11 }, () => provenance), 'x', /11 layers, more than 10/],
  ])('is refused where there are %s', (_what, types, config, message) => {
    expect(() => chosen(types, config)).toThrow(message);
  });
});

it('Docker Hub answers at the host of its registry', () => {
  expect(['docker.io', 'registry-1.docker.io', 'ghcr.io'].map(registryHost)).toEqual([
    'registry-1.docker.io',
    'registry-1.docker.io',
    'ghcr.io',
  ]);
});
