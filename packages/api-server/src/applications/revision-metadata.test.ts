import { applicationSchema } from '@plumbline/apis';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { chartDetailsRequest, metadataRequest, ociMetadataRequest } from './revision-metadata.ts';

const [first, second] = ['https://git.example/first', 'https://git.example/second'];

function app(change: { spec?: object; status?: object } = {}) {
  const plain = application({ name: 'a', namespace: 'n', repoURL: first, destinationNamespace: 'n' });
  const { source: _, ...spec } = plain.spec;
  const sources = [
    { repoURL: first, path: '.' },
    { repoURL: second, path: '.' },
  ];
  return applicationSchema.parse({ ...plain, ...change, spec: { ...spec, sources, ...change.spec } });
}
const urlOf = (...[given, choice]: Parameters<typeof metadataRequest>) => metadataRequest(given, choice).repoURL;

describe('the source of a revision', () => {
  it('is the first where nothing says otherwise', () => expect(urlOf(app(), { revision: 'x' })).toBe(first));

  it('is the one with the index', () => expect(urlOf(app(), { revision: 'x', sourceIndex: 1 })).toBe(second));

  it('is the one last compared at the revision', () => {
    const sync = { status: 'Synced', revisions: ['x', 'y'] };
    expect(urlOf(app({ status: { sync } }), { revision: 'y' })).toBe(second);
  });

  it('is the one of the history entry', () => {
    const source = { repoURL: 'https://git.example/former', path: '.' };
    const history = [{ id: 3, revision: 'x', deployedAt: '2026-01-01T00:00:00Z', source }];
    expect(urlOf(app({ status: { history } }), { revision: 'x', versionId: 3 })).toBe(source.repoURL);
    expect(() => urlOf(app({ status: { history } }), { revision: 'x', versionId: 4 })).toThrow('no entry 4');
  });

  it('is asked for in the name of the project', () => {
    expect(metadataRequest(app({ spec: { project: 'team' } }), { revision: 'x' }).project).toBe('team');
  });

  it('is refused where there is none, or where it is a chart', () => {
    const chart = { sources: [{ repoURL: first, chart: 'c', targetRevision: '1.0.0' }] };
    expect(() => urlOf(app(), { revision: 'x', sourceIndex: 2 })).toThrow('no source 2');
    expect(() => urlOf(app({ spec: chart }), { revision: 'x' })).toThrow('charts');
  });
});

describe('the question about a revision', () => {
  const of = (source: object) => app({ spec: { sources: [source] } });
  const chart = of({ repoURL: first, chart: 'c', targetRevision: '1.0.0', helm: { passCredentials: true } });
  const artifact = of({ repoURL: 'oci://registry.example/team/app', path: '.' });

  it('of a chart is one about its details', () => {
    const common = { kind: 'chart-details', project: 'default' };
    expect(chartDetailsRequest(chart, { revision: '1.0.0' })).toEqual({
      ...common,
      repoURL: first,
      chart: 'c',
      revision: '1.0.0',
      passCredentials: true,
    });
    expect(chartDetailsRequest(artifact, { revision: 'sha256:1' })).toMatchObject({ ...common, revision: 'sha256:1' });
    expect(() => chartDetailsRequest(app(), { revision: 'x' })).toThrow('is no chart');
  });

  it('of an artifact is one about its annotations', () => {
    const repoURL = 'oci://registry.example/team/app';
    const asked = { kind: 'artifact-metadata', repoURL, project: 'default', revision: 'sha256:1' };
    expect(ociMetadataRequest(artifact, { revision: 'sha256:1' })).toEqual(asked);
    expect(() => ociMetadataRequest(chart, { revision: '1.0.0' })).toThrow('is no OCI artifact');
    expect(() => urlOf(artifact, { revision: 'sha256:1' })).toThrow('ocimetadata');
  });
});
