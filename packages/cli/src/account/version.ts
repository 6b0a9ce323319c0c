import { createRequire } from 'node:module';
import { checkoutFacts, runtimeFacts } from '@plumbline/telemetry/program-facts';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';

interface VersionOptions extends GlobalOptions {
  client?: boolean;
  short?: boolean;
  output?: OutputFormat;
}

/** What the server says of itself, where there is one. */
async function serverVersion(options: VersionOptions): Promise<Record<string, unknown> | undefined> {
  if (options.client) return undefined;
  return (await connect(options, { anonymous: true })).call('version');
}

/** Version of this program, from its package. */
export function clientVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../../package.json');
  const version = typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : '';
  return `v${String(version)}`;
}

/** Versions of the client and, unless told otherwise, of the server. */
export async function version(terminal: Terminal, options: VersionOptions): Promise<void> {
  const client = {
    Version: clientVersion(),
    ...(await checkoutFacts()),
    ...runtimeFacts(),
  };
  if (options.output === 'json' || options.output === 'yaml') {
    const server = await serverVersion(options);
    await printData(terminal, options.output, { client, ...(server ? { server } : {}) });
    return;
  }
  const lines = (name: string, facts: Record<string, unknown>): string => {
    const [head, ...rest] = Object.entries(facts).map(([key, value]) => `${key}: ${String(value)}`);
    return `${name}: ${head?.replace('Version: ', '')}\n${options.short ? '' : rest.map((line) => `  ${line}\n`).join('')}`;
  };
  // First what is known without a server: it may not answer.
  terminal.out(lines('plumb', client));
  const server = await serverVersion(options);
  if (server) terminal.out(lines('plumb-server', server));
}
