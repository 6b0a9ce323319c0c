import type { Application } from '@plumbline/apis';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { rollbackOperation, syncOperation } from './operation.ts';

const make = (spec: Partial<Application['spec']> = {}): Application =>
  application({ name: 'a', repoURL: 'https://git/x', destinationNamespace: 'n', spec });

const entry = (id: number) => ({
  id,
  revision: `sha-${id}`,
  deployedAt: '2026-01-01T00:00:00Z',
  source: { repoURL: 'https://git/x', path: 'p' },
});

describe('syncOperation', () => {
  it('asks for what the request says, for its caller', () => {
    const body = {
      prune: true,
      dryRun: true,
      strategy: { apply: { force: true } },
      infos: [{ name: 'i', value: 'j' }],
      resources: [{ kind: 'ConfigMap', name: 'c' }],
    };
    expect(syncOperation(make(), body, 'admin')).toEqual({
      sync: {
        prune: true,
        dryRun: true,
        syncStrategy: { apply: { force: true } },
        resources: [{ kind: 'ConfigMap', name: 'c' }],
      },
      initiatedBy: { username: 'admin' },
      info: [{ name: 'i', value: 'j' }],
    });
  });

  it('takes options and retry from the Application where the request has none', () => {
    const app = make({ syncPolicy: { syncOptions: ['Prune=false'], retry: { limit: 3 } } });
    expect(syncOperation(app, {}, 'u')).toMatchObject({ sync: { syncOptions: ['Prune=false'] }, retry: { limit: 3 } });
    const own = { syncOptions: { items: ['Replace=true'] }, retryStrategy: { limit: 1 } };
    expect(syncOperation(app, own, 'u')).toMatchObject({
      sync: { syncOptions: ['Replace=true'] },
      retry: { limit: 1 },
    });
    expect(syncOperation(app, { syncOptions: { items: [] } }, 'u').sync).toEqual({});
  });

  it('puts revisions at the positions of the sources', () => {
    const app = make({
      sources: [
        { repoURL: 'r', path: 'a', targetRevision: 'v1' },
        { repoURL: 'r', path: 'b' },
      ],
    });
    const body = { revisions: ['v2'], sourcePositions: [2] };
    expect(syncOperation(app, body, 'u').sync?.revisions).toEqual(['v1', 'v2']);
    expect(() => syncOperation(app, { ...body, sourcePositions: [3] }, 'u')).toThrow('no source at position 3');
    expect(() => syncOperation(app, { ...body, sourcePositions: [1, 2] }, 'u')).toThrow('same length');
  });

  it('is refused while another one is requested, and on an Application that is being deleted', () => {
    expect(() => syncOperation({ ...make(), operation: { sync: {} } }, {}, 'u')).toThrow(
      'another operation is already in progress',
    );
    const app = make();
    const going = { ...app, metadata: { ...app.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(() => syncOperation(going, {}, 'u')).toThrow('being deleted');
  });

  it('refuses what automation would undo, unless nothing is changed', () => {
    const app = make({ syncPolicy: { automated: {} } });
    expect(() => syncOperation(app, { revision: 'old' }, 'u')).toThrow('Cannot sync to old');
    expect(() => syncOperation(app, { manifests: ['{}'] }, 'u')).toThrow('local sync');
    expect(syncOperation(app, { revision: 'old', dryRun: true }, 'u').sync?.revision).toBe('old');
    expect(syncOperation(app, { revision: 'HEAD' }, 'u').sync?.revision).toBe('HEAD');
    const off = make({ syncPolicy: { automated: { enabled: false } } });
    expect(syncOperation(off, { revision: 'old' }, 'u').sync?.revision).toBe('old');
  });
});

describe('rollbackOperation', () => {
  const app = { ...make(), status: { history: [entry(1), entry(2)] } };

  it('goes back to the entry without hooks', () => {
    expect(rollbackOperation(app, { id: 1, prune: true }, 'u')).toEqual({
      sync: {
        revision: 'sha-1',
        source: { repoURL: 'https://git/x', path: 'p' },
        prune: true,
        syncStrategy: { apply: {} },
      },
      initiatedBy: { username: 'u' },
    });
    expect(rollbackOperation(app, { id: 0 }, 'u').sync?.revision).toBe('sha-1');
    const entries = [0, 1, 2].map((id) => ({ id, revision: `sha-${id}`, deployedAt: '' }));
    const first = { ...app, status: { ...app.status, history: entries } };
    expect(rollbackOperation(first, { id: 0 }, 'u').sync?.revision).toBe('sha-0');
  });

  it('names the entry that is not there', () => {
    expect(() => rollbackOperation(app, { id: 4711 }, 'u')).toThrow('does not have deployment with id 4711');
  });

  it('is refused under automation', () => {
    const automated = { ...app, spec: { ...app.spec, syncPolicy: { automated: {} } } };
    expect(() => rollbackOperation(automated, { id: 1 }, 'u')).toThrow('auto-sync is enabled');
  });
});
