import type { Account } from '../types.ts';
import type { ValueReader } from './value-reader.ts';
import { invalid, parseFlag, parseList } from './values.ts';

const prefix = 'accounts.';
const enabledSuffix = '.enabled';

function parseCapabilities(text: string): Account['capabilities'] {
  return parseList(text).map((word) => {
    if (word === 'login' || word === 'apiKey') return word;
    throw invalid('expected login, apiKey or both, separated by a comma');
  });
}

/** Local accounts of argocd-cm (reference §10.1), without the administrator. */
export function readAccounts(reader: ValueReader): Account[] {
  return reader
    .keys()
    .filter((key) => key.startsWith(prefix) && !key.endsWith(enabledSuffix))
    .map((key) => ({
      name: key.slice(prefix.length),
      enabled: reader.read(`${key}${enabledSuffix}`, true, parseFlag),
      capabilities: reader.read<Account['capabilities']>(key, [], parseCapabilities),
    }));
}
