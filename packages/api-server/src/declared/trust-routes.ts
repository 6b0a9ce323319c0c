import { describeKeys } from '@plumbline/git';
import type { GpgKey } from '@plumbline/protocol';
import { compareText } from '../applications/sort-text.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { Mount } from '../http/mount.ts';
import type { Certificates } from './certificates.ts';

export interface TrustParts {
  certificates: Certificates;
  /** Armored keys that signatures are verified with. */
  publicKeys(): Readonly<Record<string, string>>;
}

async function gpgKeys({ publicKeys }: TrustParts): Promise<GpgKey[]> {
  const keys = await describeKeys(Object.values(publicKeys()));
  const shown = keys.map(({ id, fingerprint, owner, algorithm, armored }) => {
    return { keyID: id, fingerprint, owner, trust: 'unknown', subType: algorithm, keyData: armored };
  });
  return shown.sort((a, b) => compareText(a.keyID, b.keyID));
}

/** Known hosts, certificates and keys for signatures (reference §8.2). */
export function mountTrust(mount: Mount, parts: TrustParts): void {
  const { certificates } = parts;
  mount.call('listCertificates', async ({ query }) => ({ metadata: {}, items: await certificates.list(query) }));
  mount.call('createCertificates', async ({ body, query, rights }) => {
    if (query.upsert) rights.require('certificates', 'update', '');
    return { metadata: {}, items: await certificates.add(body.items, query) };
  });
  mount.call('deleteCertificates', async ({ query }) => ({ metadata: {}, items: await certificates.remove(query) }));
  mount.call('listGpgKeys', async ({ query }) => {
    const all = await gpgKeys(parts);
    const asked = ({ keyID }: { keyID: string }) => !query.keyID || keyID.endsWith(query.keyID.toUpperCase());
    return { metadata: {}, items: all.filter(asked) };
  });
  mount.call('getGpgKey', async ({ params }) => {
    const wanted = params.keyID.toUpperCase();
    const key = (await gpgKeys(parts)).find(({ keyID, fingerprint }) => keyID === wanted || fingerprint === wanted);
    if (key) return key;
    throw apiFailure('NotFound', `key "${params.keyID}" not found`);
  });
}
