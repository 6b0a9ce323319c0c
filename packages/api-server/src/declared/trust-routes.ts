import type { Rights } from '../access/rights.ts';
import type { Mount } from '../http/mount.ts';
import type { Certificates } from './certificates.ts';
import type { GpgKeys } from './gpg-keys.ts';

export interface TrustParts {
  certificates: Certificates;
  gpgKeys: GpgKeys;
}

/** To replace a key takes what it takes to remove it and add another. No role that is built in has `update`. */
function requireReplacing(rights: Rights): void {
  if (!rights.can('gpgkeys', 'update', '')) rights.require('gpgkeys', 'delete', '');
}

function mountGpgKeys(mount: Mount, { gpgKeys }: TrustParts): void {
  mount.call('listGpgKeys', async ({ query }) => {
    const all = await gpgKeys.list();
    const asked = ({ keyID }: { keyID: string }) => !query.keyID || keyID.endsWith(query.keyID.toUpperCase());
    return { metadata: {}, items: all.filter(asked) };
  });
  mount.call('getGpgKey', ({ params }) => gpgKeys.get(params.keyID));
  mount.call('createGpgKeys', async ({ body, query, rights }) => {
    if (query.upsert) requireReplacing(rights);
    const { created, skipped } = await gpgKeys.add(body.keyData, { replace: query.upsert });
    return { created: { metadata: {}, items: created }, skipped };
  });
  mount.call('deleteGpgKey', async ({ query }) => {
    await gpgKeys.remove(query.keyID);
    return {};
  });
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
  mountGpgKeys(mount, parts);
}
