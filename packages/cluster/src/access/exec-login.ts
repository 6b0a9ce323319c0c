import { execFile } from 'node:child_process';
import { PlumblineError } from '@plumbline/errors';
import type { Endpoint, TlsSettings } from './endpoint.ts';

/** A program that logs in, as kubeconfigs (`user.exec`) and cluster Secrets name it. */
export interface ExecUser {
  command?: string;
  args?: readonly string[] | null;
  env?: readonly { name: string; value: string }[] | null;
  apiVersion?: string;
  /** For people who do not have the program. */
  installHint?: string;
}

/** The part of an `ExecCredential` that is an answer. */
interface Credential {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  /** RFC 3339; absent: until it is refused. */
  expirationTimestamp?: string;
}

/** A program that waits for somebody must not hold up the rest for ever. */
const patienceMs = 60_000;
const mostOutput = 1024 * 1024;
const shownWords = 1_000;

/**
 * Logs in by a program (Kubernetes: "client-go credential plugins"). It is told in KUBERNETES_EXEC_INFO that nobody sits at a
 * terminal, and reads an empty input. Asked again when its credential has expired or was refused; a certificate is that of
 * the first answer.
 */
export async function execLogin(
  cluster: string,
  exec: ExecUser,
  { timeoutMs = patienceMs, now = Date.now }: { timeoutMs?: number; now?: () => number } = {},
): Promise<Pick<Endpoint, 'authorization'> & { tls: Pick<TlsSettings, 'cert' | 'key'> }> {
  const ask = () => askProgram(cluster, exec, timeoutMs);
  const first = await ask();
  let current: Promise<Credential> | undefined = Promise.resolve(first);
  let expires = expiry(first);
  const renewed = async (): Promise<Credential> => {
    const credential = await ask();
    expires = expiry(credential);
    return credential;
  };
  const { clientCertificateData: cert, clientKeyData: key } = first;
  return {
    tls: cert === undefined || key === undefined ? {} : { cert, key },
    authorization: async (renew) => {
      if (renew || current === undefined || now() >= expires) {
        // Others that ask meanwhile wait for the same answer.
        expires = Number.POSITIVE_INFINITY;
        current = renewed().catch((error: unknown) => {
          current = undefined;
          throw error;
        });
      }
      const { token } = await current;
      return token ? `Bearer ${token}` : undefined;
    },
  };
}

function expiry({ expirationTimestamp }: Credential): number {
  const time = expirationTimestamp === undefined ? Number.NaN : Date.parse(expirationTimestamp);
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

async function askProgram(cluster: string, exec: ExecUser, timeoutMs: number): Promise<Credential> {
  const { command, apiVersion = 'client.authentication.k8s.io/v1' } = exec;
  if (!command) throw failure(cluster, 'no command is given', { hint: 'name the program to run as "command"' });
  const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false } };
  const given = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const env = { ...process.env, ...given, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const output = await new Promise<string>((resolve, reject) => {
    const options = { env, timeout: timeoutMs, maxBuffer: mostOutput };
    const child = execFile(command, [...(exec.args ?? [])], options, (error, stdout, stderr) => {
      if (error) reject(failure(cluster, wordsOf(error, stderr, { command, timeoutMs }), { cause: error, exec }));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => undefined).end();
  });
  const credential = parsed(output);
  if (credential) return credential;
  throw failure(cluster, `${command} answered no ExecCredential with a token or a certificate`, { exec });
}

function wordsOf(
  error: Error & { code?: unknown; killed?: boolean },
  stderr: string,
  { command, timeoutMs }: { command: string; timeoutMs: number },
): string {
  if (error.code === 'ENOENT') return `there is no program "${command}" on PATH`;
  if (error.killed) return `${command} did not answer within ${timeoutMs / 1000} s`;
  return stderr.trim().slice(0, shownWords) || `${command} ended with ${String(error.code)}`;
}

function failure(
  cluster: string,
  words: string,
  { hint, cause, exec }: { hint?: string; cause?: unknown; exec?: ExecUser },
): PlumblineError {
  return new PlumblineError('KUBE_UNAUTHORIZED', `the login helper of cluster "${cluster}" failed: ${words}`, {
    retry: 'transient',
    hint: hint ?? exec?.installHint ?? 'run the helper by hand with the same arguments to see why',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The program's words are not quoted: a broken answer may hold the token. */
function parsed(output: string): Credential | undefined {
  try {
    const { status } = JSON.parse(output) as { status?: Credential };
    return status && (status.token || (status.clientCertificateData && status.clientKeyData)) ? status : undefined;
  } catch {
    return undefined;
  }
}
