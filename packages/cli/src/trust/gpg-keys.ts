import type { GpgKey } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import { Fatal } from '../fatal.ts';
import { type ListFormat, type Listing, printList, printOne } from '../output/print-list.ts';
import { fileOf } from '../read-file.ts';
import type { Terminal } from '../terminal.ts';

const keys: Listing<GpgKey> = {
  headings: ['KEYID', 'TYPE', 'IDENTITY'],
  row: ({ keyID, subType, owner }) => [keyID, subType, owner],
  name: ({ keyID }) => keyID,
};

const next = 'gpg --armor --export <key id> > key.asc, then plumb gpg add --from key.asc';

/** Throws where the text is no armored public key, or holds a private one: that never leaves this machine. */
function checkIsPublic(text: string, from: string): void {
  if (/PRIVATE KEY/.test(text)) throw new Fatal(`${from} holds a private key: it was not sent`, { next, exitCode: 1 });
  if (text.trim() === '') throw new Fatal(`${from} is empty`, { next, exitCode: 1 });
  if (!text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) {
    throw new Fatal(`${from} is no armored public key`, { next, exitCode: 1 });
  }
}

/** `plumb gpg add`. */
export async function addKeys(
  terminal: Terminal,
  options: GlobalOptions & { from?: string; upsert?: boolean },
): Promise<void> {
  const from = options.from ?? '-';
  const keyData = (await fileOf(from, 'key')) ?? '';
  checkIsPublic(keyData, from === '-' ? 'standard input' : from);
  const { created, skipped } = await (await connect(options)).call('createGpgKeys', {
    body: { keyData },
    query: { upsert: options.upsert },
  });
  const more = skipped.length > 0 ? `, and ${skipped.length} key(s) were skipped because they exist already` : '';
  terminal.out(`Created ${created.items.length} key(s) from input file${more}.\n`);
  for (const { keyID, owner } of created.items) terminal.out(`  ${keyID}  ${owner}\n`);
}

/** `plumb gpg rm`. */
export async function removeKey(
  terminal: Terminal,
  keyID: string,
  options: GlobalOptions & { yes?: boolean },
): Promise<void> {
  if (!(await confirm(terminal, `Are you sure you want to remove the key '${keyID}'?`, options))) {
    terminal.out(`The command to remove the key '${keyID}' was cancelled.\n`);
    return;
  }
  await (await connect(options)).call('deleteGpgKey', { query: { keyID } });
  terminal.out(`Deleted key '${keyID}'\n`);
}

/** `plumb gpg list`. */
export async function listKeys(terminal: Terminal, options: GlobalOptions & { output: ListFormat }): Promise<void> {
  const { items } = await (await connect(options)).call('listGpgKeys');
  await printList(terminal, items, { ...keys, format: options.output });
}

/** `plumb gpg get`. */
export async function getKey(
  terminal: Terminal,
  keyID: string,
  options: GlobalOptions & { output: ListFormat },
): Promise<void> {
  const key = await (await connect(options)).call('getGpgKey', { params: { keyID } });
  if (options.output === 'wide')
    terminal.out(
      `Key ID: ${key.keyID}\nFingerprint: ${key.fingerprint}\nSubtype: ${key.subType}\nOwner: ${key.owner}\n${key.keyData}\n`,
    );
  else await printOne(terminal, key, { ...keys, format: options.output });
}
