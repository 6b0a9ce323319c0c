import { probeTls, type TlsAnswer } from '../config/probe-tls.ts';
import { type AddressOptions, parseServer, rootOf, withScheme } from '../config/url-of-server.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

/** The server to log in to, and whether its certificate is taken as it is. */
interface AgreedServer {
  url: string;
  insecure: boolean;
}

const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer.trim());

/** Passwords go over the network: that they may go unprotected is for the user to say. */
async function agree(terminal: Terminal, problem: string, next: string): Promise<void> {
  if (!terminal.interactive) throw new Fatal(problem, { next });
  if (!isYes(await terminal.ask(`WARNING: ${problem}. Proceed (y/n)? `))) throw new Fatal('not logged in', { next });
}

async function probed(url: URL): Promise<TlsAnswer> {
  return probeTls(url).catch((error: Error) => {
    throw new Fatal(`cannot reach ${url.host}: ${error.message}`, {
      next: 'is the server running? `plumb up` starts one',
    });
  });
}

/**
 * Finds out how a server is to be spoken to before anything secret is said: TLS first, then, where it speaks none, plain
 * HTTP, on other machines only when the user agrees. Throws Fatal where he does not, or nobody answers.
 */
export async function agreeOnServer(
  terminal: Terminal,
  text: string,
  options: AddressOptions & { skipTestTls?: boolean; serverCrt?: string; caData?: string | undefined },
): Promise<AgreedServer> {
  const { url, hasScheme, onThisMachine } = parseServer(text);
  const { insecure = false } = options;
  const hasAuthority = Boolean(options.serverCrt || options.caData);
  if (options.plaintext) return { url: rootOf(withScheme(url, 'http'), options), insecure };
  // A file of trusted certificates, or no test: the request itself will tell.
  if (url.protocol === 'http:' || options.skipTestTls || (hasAuthority && hasScheme)) {
    return { url: rootOf(url, options), insecure };
  }
  const { tls, problem } = await probed(url);
  if (!tls) {
    if (hasScheme)
      throw new Fatal(`${url.host} does not speak TLS`, { next: `plumb login ${withScheme(url, 'http').origin}` });
    if (onThisMachine) terminal.err(`note: ${url.host} speaks plain HTTP\n`);
    else
      await agree(
        terminal,
        `${url.host} does not speak TLS`,
        'with --plaintext the password goes over the network unprotected',
      );
    return { url: rootOf(withScheme(url, 'http'), options), insecure };
  }
  if (!problem || insecure || hasAuthority) return { url: rootOf(url, options), insecure };
  await agree(
    terminal,
    `the certificate of ${url.host} is not trusted (${problem})`,
    'trust it with --server-crt FILE, or do not check it with --insecure',
  );
  return { url: rootOf(url, options), insecure: true };
}
