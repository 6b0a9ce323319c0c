import type { Certificate } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { type ListFormat, type Listing, printList } from '../output/print-list.ts';
import { fileOf } from '../read-file.ts';
import type { Terminal } from '../terminal.ts';

const certificates: Listing<Certificate> = {
  headings: ['HOSTNAME', 'TYPE', 'SUBTYPE', 'INFO'],
  row: ({ serverName, certType, certSubType, certInfo = '' }) => [serverName, certType, certSubType, certInfo],
  name: ({ serverName }) => serverName,
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Item {
  serverName: string;
  certType: 'ssh' | 'https';
  certSubType: string;
  certData: string;
}

async function add(terminal: Terminal, items: Item[], options: GlobalOptions & { upsert?: boolean }): Promise<void> {
  const answer = await (await connect(options)).call('createCertificates', {
    body: { items },
    query: { upsert: options.upsert },
  });
  terminal.out(`${answer.items.length} ${answer.items.length === 1 ? 'entry' : 'entries'} added\n`);
}

/** `plumb cert add-tls`. */
export async function addTls(
  terminal: Terminal,
  serverName: string,
  options: GlobalOptions & { from?: string; upsert?: boolean },
): Promise<void> {
  const certData = base64((await fileOf(options.from ?? '-', 'certificate')) ?? '');
  await add(terminal, [{ serverName, certType: 'https', certSubType: '', certData }], options);
}

/** `plumb cert add-ssh --batch`: lines as ssh-keyscan writes them. */
export async function addSsh(
  terminal: Terminal,
  options: GlobalOptions & { from?: string; batch?: boolean; upsert?: boolean },
): Promise<void> {
  const text = (await fileOf(options.from ?? '-', 'known_hosts file')) ?? '';
  const items = text.split('\n').flatMap((line): Item[] => {
    const [hosts = '', certSubType = '', key = ''] = line.trim().split(/\s+/);
    if (hosts.startsWith('#') || key === '') return [];
    const certData = base64(key);
    return hosts.split(',').map((serverName) => ({ serverName, certType: 'ssh', certSubType, certData }));
  });
  if (items.length === 0)
    throw new Fatal('there is no key of a host', { next: 'ssh-keyscan <host> | plumb cert add-ssh --batch' });
  await add(terminal, items, options);
}

function sorted(items: Certificate[], order: string | undefined): Certificate[] {
  if (!order) return items;
  const key = (one: Certificate): string => (order.startsWith('type') ? one.certType : one.serverName);
  const rising = items.toSorted((a, b) => key(a).localeCompare(key(b), 'en'));
  return order.endsWith('-desc') ? rising.reverse() : rising;
}

/** `plumb cert list`. */
export async function listCertificates(
  terminal: Terminal,
  options: GlobalOptions & { output: ListFormat; certType?: string; hostnamePattern?: string; sort?: string },
): Promise<void> {
  const query = { hostNamePattern: options.hostnamePattern, certType: options.certType };
  const { items } = await (await connect(options)).call('listCertificates', { query });
  await printList(terminal, sorted(items, options.sort), { ...certificates, format: options.output });
}

/** `plumb cert rm`. */
export async function removeCertificates(
  terminal: Terminal,
  host: string,
  options: GlobalOptions & { certType?: string; certSubType?: string },
): Promise<void> {
  const query = { hostNamePattern: host, certType: options.certType, certSubType: options.certSubType };
  const { items } = await (await connect(options)).call('deleteCertificates', { query });
  if (items.length === 0) throw new Fatal(`nothing is known of ${host}`, { next: '`plumb cert list` shows all' });
  for (const { serverName, certType, certSubType } of items) {
    terminal.out(`Removed the ${certType} entry ${certSubType} of '${serverName}'\n`);
  }
}
