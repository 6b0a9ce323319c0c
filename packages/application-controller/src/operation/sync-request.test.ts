import { annotations, type OperationState } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { migrationOf, operationSources, pinnedRevisions, syncRequest, syncsComparedTarget } from './sync-request.ts';

const other = { ...source, path: 'api' };

describe('an operation', () => {
  it.each([
    ['its own sources', { sources: [other, source] }, [other, source]],
    ['its own source', { source: other }, [other]],
    ['those of the Application', {}, [source]],
    ['those of the Application where its list is empty', { sources: [] }, [source]],
  ])('syncs %s', (_case, sync, sources) => {
    expect(operationSources(shop(), { sync: { ...sync } })).toEqual(sources);
  });

  it.each([
    ['its revisions', { revisions: [revisionA, ''] }, [revisionA, undefined]],
    ['its revision', { revision: revisionB }, [revisionB]],
    ['nothing', {}, [undefined]],
    ['nothing by an empty text', { revision: '' }, [undefined]],
  ])('pins %s', (_case, sync, pinned) => {
    expect(pinnedRevisions({ sync: { ...sync } })).toEqual(pinned);
  });

  it.each([
    ['with nothing of its own', { prune: true }, true],
    ['with a revision', { revision: revisionA }, false],
    ['with revisions', { revisions: ['', revisionA] }, false],
    ['with a source', { source: other }, false],
    ['with sources', { sources: [other] }, false],
    ['with manifests', { manifests: ['{}'] }, false],
  ])('%s syncs what is compared: %#', (_case, sync, expected) => {
    expect(syncsComparedTarget({ sync: { ...sync } })).toBe(expected);
  });
});

describe('the request for a plan', () => {
  const facts = { revision: revisionA, namespaceExists: true, waveDelayMs: 2_000 };
  const request = (sync: object, spec: object = {}) => {
    const operation = { sync };
    const state: OperationState = { operation, phase: 'Running', message: '', startedAt: '2026-01-01T00:00:00Z' };
    return syncRequest(shop({ spec: { ...shop().spec, ...spec } }), state, facts);
  };

  it('says what nobody asked otherwise', () => {
    expect(request({})).toEqual({
      ...facts,
      startedAt: '2026-01-01T00:00:00Z',
      prune: false,
      dryRun: false,
      strategy: 'hook',
      force: false,
      resources: undefined,
      syncOptions: [],
      namespace: 'web',
      managedNamespaceMetadata: undefined,
    });
  });

  it.each([
    ['the strategy', { syncStrategy: { apply: {} } }, { strategy: 'apply', force: false }],
    ['force of the strategy', { syncStrategy: { apply: { force: true } } }, { strategy: 'apply', force: true }],
    ['force with hooks', { syncStrategy: { hook: { force: true } } }, { strategy: 'hook', force: true }],
    ['chosen resources', { resources: [{ kind: 'Job', name: 'a' }] }, { resources: [{ kind: 'Job', name: 'a' }] }],
    ['no choice by an empty list', { resources: [] }, { resources: undefined }],
    ['prune and dry run', { prune: true, dryRun: true }, { prune: true, dryRun: true }],
    ['only the options of the operation', { syncOptions: ['Replace=true'] }, { syncOptions: ['Replace=true'] }],
  ])('takes over %s', (_case, sync, expected) => {
    expect(request(sync, { syncPolicy: { syncOptions: ['PruneLast=true'] } })).toMatchObject(expected);
  });

  it('takes the metadata of the namespace from the policy', () => {
    const managedNamespaceMetadata = { labels: { team: 'web' } };
    expect(request({}, { syncPolicy: { managedNamespaceMetadata } })).toMatchObject({ managedNamespaceMetadata });
  });
});

describe('applies take over from client-side ones', () => {
  const naming = shop({ metadata: { annotations: { [annotations.clientSideApplyMigrationManager]: ' legacy ' } } });

  it.each([
    ['by default', shop(), [], { enabled: true, managers: [] }],
    ['of a manager that the Application names', naming, [], { enabled: true, managers: ['legacy'] }],
    ['unless it is switched off', shop(), ['ClientSideApplyMigration=false'], { enabled: false, managers: [] }],
  ])('%s', (_case, app, syncOptions, migration) => {
    expect(migrationOf(app, { syncOptions })).toEqual(migration);
  });
});
