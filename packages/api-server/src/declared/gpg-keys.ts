import type { KubeClient } from '@plumbline/cluster';
import { describeKeys, type KeyDescription, type KeyProblem, readPublicKeys } from '@plumbline/git';
import type { GpgKey } from '@plumbline/protocol';
import { compareText } from '../applications/sort-text.ts';
import { apiFailure } from '../http/api-failure.ts';
import { type ConfigData, createConfigMapStore } from './config-map.ts';

/** Keys that were stored, and ids of those that were there already. */
export interface AddedKeys {
  created: GpgKey[];
  skipped: string[];
}

/** Public keys that signatures of sources are verified with, in argocd-gpg-keys-cm by their ids (reference §10.4). */
export interface GpgKeys {
  /** By id. */
  list(): Promise<GpgKey[]>;
  /** By id (with its last 8 digits, too) or fingerprint; throws NotFound. */
  get(name: string): Promise<GpgKey>;
  /**
   * Stores the keys of an armored text, of which none may be private. One that is there already stays as it is, unless
   * `replace` says otherwise: then it is what it was replaced by (a longer life, a revocation).
   */
  add(text: string, options: { replace: boolean }): Promise<AddedKeys>;
  remove(name: string): Promise<void>;
}

const shown = ({ id, fingerprint, owner, algorithm, armored }: KeyDescription): GpgKey => ({
  keyID: id,
  fingerprint,
  owner,
  trust: 'unknown',
  subType: algorithm,
  keyData: armored,
});

const refusals: Record<KeyProblem, string> = {
  private:
    'this is a private key, and it is not stored: send the public one (gpg --armor --export <key id>). ' +
    'What is private has left your machine: take the key back (gpg --generate-revocation) if others could read it',
  unreadable: 'this is no armored public key: send what "gpg --armor --export <key id>" prints',
};

async function keysOfInput(text: string): Promise<KeyDescription[]> {
  if (text.trim() === '') throw apiFailure('InvalidArgument', 'submitted key data is empty');
  const keys = await readPublicKeys(text);
  if (typeof keys === 'string') throw apiFailure('InvalidArgument', refusals[keys]);
  return [...new Map(keys.map((key) => [key.fingerprint, key])).values()];
}

/** As people write names of keys: with blanks, `0x`, in small letters. */
function namedBy(name: string): (key: Pick<KeyDescription, 'id' | 'fingerprint'>) => boolean {
  const wanted = name.replace(/\s+/g, '').replace(/^0x/i, '').toUpperCase();
  return ({ id, fingerprint }) =>
    wanted === id || wanted === fingerprint || (wanted.length === 8 && id.endsWith(wanted));
}

function notFound(name: string): Error {
  return apiFailure('NotFound', `key "${name}" not found`);
}

/** The entries without the key; an entry of several keys keeps the others. */
async function without(data: ConfigData, goes: (key: KeyDescription) => boolean): Promise<ConfigData> {
  const entries = await Promise.all(
    Object.entries(data).map(async ([name, text]): Promise<[string, string][]> => {
      const keys = await describeKeys([text]);
      const left = keys.filter((key) => !goes(key));
      if (left.length === keys.length) return [[name, text]];
      return left.length === 0 ? [] : [[name, left.map(({ armored }) => armored).join('\n')]];
    }),
  );
  return Object.fromEntries(entries.flat());
}

async function addTo(data: ConfigData, keys: readonly KeyDescription[], replace: boolean) {
  const known = new Set((await describeKeys(Object.values(data))).map(({ fingerprint }) => fingerprint));
  const isKnown = ({ fingerprint }: KeyDescription): boolean => known.has(fingerprint);
  const taken = replace ? keys : keys.filter((key) => !isKnown(key));
  const fingerprints = new Set(taken.map(({ fingerprint }) => fingerprint));
  const kept = replace ? await without(data, ({ fingerprint }) => fingerprints.has(fingerprint)) : data;
  const clash = taken.find(({ id }) => Object.hasOwn(kept, id));
  if (clash) throw apiFailure('AlreadyExists', `argocd-gpg-keys-cm has an entry ${clash.id} that is another key`);
  const added = Object.fromEntries(taken.map(({ id, armored }) => [id, armored]));
  return {
    data: taken.length === 0 ? data : { ...kept, ...added },
    created: taken.map(shown),
    skipped: keys.filter((key) => !taken.includes(key)).map(({ id }) => id),
  };
}

export function createGpgKeys(parts: { client: KubeClient; namespace: string }): GpgKeys {
  const store = createConfigMapStore(parts, 'argocd-gpg-keys-cm');
  const all = async (): Promise<KeyDescription[]> => {
    const keys = await describeKeys(Object.values(await store.read()));
    return [...new Map(keys.map((key) => [key.fingerprint, key])).values()].sort((a, b) => compareText(a.id, b.id));
  };
  return {
    list: async () => (await all()).map(shown),
    async get(name) {
      const key = (await all()).find(namedBy(name));
      if (!key) throw notFound(name);
      return shown(key);
    },
    async add(text, { replace }) {
      const keys = await keysOfInput(text);
      let result: AddedKeys = { created: [], skipped: [] };
      await store.change(async (before) => {
        const { data, ...told } = await addTo(before, keys, replace);
        result = told;
        return data;
      });
      return result;
    },
    async remove(name) {
      await store.change(async (data) => {
        const found = (await describeKeys(Object.values(data))).filter(namedBy(name));
        const ids = new Set(found.map(({ fingerprint }) => fingerprint));
        // An entry that cannot be read as a key goes by the name that it was stored under.
        if (ids.size === 0 && !Object.hasOwn(data, name)) throw notFound(name);
        if (ids.size === 0) return Object.fromEntries(Object.entries(data).filter(([entry]) => entry !== name));
        if (ids.size > 1)
          throw apiFailure('InvalidArgument', `several keys are "${name}": name one by its fingerprint`);
        return without(data, ({ fingerprint }) => ids.has(fingerprint));
      });
    },
  };
}
