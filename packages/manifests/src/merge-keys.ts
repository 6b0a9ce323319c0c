import { defineScalarTag, type MappingTagDefinition, mapTag, NOT_RESOLVED, seqTag } from 'js-yaml';
import { isRecord } from './metadata.ts';

const maxMergedKeys = 100_000;
/** A plain `<<`; the quoted one is an ordinary text. */
const mergeKey = Symbol('<<');

type Members = Record<string, unknown>;

const textOf = (value: unknown) => (value === mergeKey ? '<<' : value);

/** Merges into objects, and knows which of their keys were merged and not written out since. */
function createMerges() {
  const merged = new WeakMap<Members, Set<string>>();
  let total = 0;

  const mergeOne = (carrier: Members, source: Members): string => {
    const keys = merged.get(carrier) ?? new Set();
    merged.set(carrier, keys);
    for (const [key, value] of Object.entries(source)) {
      total += 1;
      if (total > maxMergedKeys) return `more than ${maxMergedKeys} keys are merged`;
      mapTag.addPair(carrier, key, value);
      keys.add(key);
    }
    return '';
  };

  return {
    /** Merges a mapping or a list of mappings; answers what is wrong with it, or nothing. */
    merge(carrier: Members, value: unknown): string {
      for (const source of Array.isArray(value) ? value.toReversed() : [value]) {
        total += 1;
        const problem = isRecord(source) ? mergeOne(carrier, source) : '<< needs a mapping, or a list of mappings';
        if (problem !== '') return problem;
      }
      return '';
    },
    has: (carrier: Members, key: unknown) => merged.get(carrier)?.has(String(key)) ?? false,
    writeOut: (carrier: Members, key: unknown) => merged.get(carrier)?.delete(String(key)),
  };
}

/**
 * Tags with which `<<` merges as in Kubernetes' reader: in the order of the text, so that what stands last wins, be it
 * merged or written out; of a list of mappings the first wins. js-yaml's own merge never wins over what is written out.
 *
 * @param objectTag what makes an object of a mapping.
 */
export function mergingTags(objectTag: MappingTagDefinition<Members, Members>) {
  const merges = createMerges();
  return {
    mappingTag: {
      ...objectTag,
      has: (carrier: Members, key: unknown) =>
        key !== mergeKey && !merges.has(carrier, key) && objectTag.has(carrier, key),
      addPair(carrier: Members, key: unknown, value: unknown) {
        if (key === mergeKey) return merges.merge(carrier, value);
        merges.writeOut(carrier, key);
        return objectTag.addPair(carrier, key, textOf(value));
      },
    },
    sequenceTag: {
      ...seqTag,
      addItem: (carrier: unknown[], item: unknown) => void carrier.push(textOf(item)),
    },
    mergeTag: defineScalarTag('tag:yaml.org,2002:str#merge', {
      implicit: true,
      implicitFirstChars: ['<'],
      resolve: (source) => (source === '<<' ? mergeKey : NOT_RESOLVED),
      identify: () => false,
    }),
  };
}

/** The value of a whole document, which may be `<<` and nothing else. */
export const documentValue = textOf;
