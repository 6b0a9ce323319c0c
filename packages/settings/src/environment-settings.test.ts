import { describe, expect, it } from 'vitest';
import { readSnapshot } from './snapshot.ts';
import { document, read } from './test-support/snapshots.ts';

const documents = {
  configMaps: new Map([['argocd-gpg-keys-cm', document('argocd-gpg-keys-cm', { ABCD: 'armored' })]]),
  secrets: new Map(),
  typedSecrets: new Map(),
};

describe('verification of signatures', () => {
  it('has the keys of argocd-gpg-keys-cm, one and the same object until they change', () => {
    const signatures = () => readSnapshot(documents, new Map()).control.signatures;
    expect(signatures()).toEqual({ enabled: true, publicKeys: { ABCD: 'armored' } });
    expect(signatures().publicKeys).toBe(signatures().publicKeys);
    expect(read({}).control.signatures.publicKeys).toBe(read({}).control.signatures.publicKeys);
  });

  it.each([
    ['false', false],
    ['No', false],
    ['true', true],
    ['', true],
    [undefined, true],
  ])('is as ARGOCD_GPG_ENABLED=%s says: %s', (value, enabled) => {
    const environment = { ARGOCD_GPG_ENABLED: value };
    expect(readSnapshot(documents, new Map(), environment).control.signatures.enabled).toBe(enabled);
  });
});

it.each([
  ['1h', 3_600_000],
  ['0', 0],
  ['soon', 43_200_000],
])('live state is compared with fresh lists as ARGOCD_CLUSTER_CACHE_RESYNC_DURATION=%s says', (value, expected) => {
  const environment = { ARGOCD_CLUSTER_CACHE_RESYNC_DURATION: value };
  expect(readSnapshot(documents, new Map(), environment).control.live.auditMs).toBe(expected);
});
