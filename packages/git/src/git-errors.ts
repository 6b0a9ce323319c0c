import { PlumblineError } from '@plumbline/errors';

/** What the failing step was about, for the message. */
interface FailureContext {
  url: string;
  /** What was tried, as `list the refs of` or `fetch from`. */
  action: string;
}

interface Rule {
  pattern: RegExp;
  code: string;
  retry: 'transient' | 'terminal';
  hint?: string;
}

/** First match wins; git runs in the C locale. */
const rules: readonly Rule[] = [
  {
    pattern: /cannot run ssh/,
    code: 'GIT_PROGRAM_MISSING',
    retry: 'terminal',
    hint: 'install openssh-client, or use the https URL of the repository',
  },
  {
    pattern: /host key verification failed|host identification has changed|no matching host key type/i,
    code: 'GIT_HOST_KEY',
    retry: 'terminal',
    hint: "add the server's line (as `ssh-keyscan` prints it, once you have checked its fingerprint) to ssh_known_hosts in ConfigMap argocd-ssh-known-hosts-cm, or set insecure in the repository's Secret",
  },
  {
    pattern: /permission denied \(|error in libcrypto|invalid format|incorrect passphrase|no supported authentication/i,
    code: 'GIT_AUTHENTICATION',
    retry: 'terminal',
    hint: "the server did not accept the key: set sshPrivateKey (without a passphrase) in the repository's Secret and add its public half at the server",
  },
  {
    pattern: /could not read (username|password)|authentication failed|returned error: 40[13]|HTTP Error: 40[13]/i,
    code: 'GIT_AUTHENTICATION',
    retry: 'terminal',
    hint: "authentication is required or was refused: check the repository's Secret",
  },
  {
    pattern: /certificate|SSL|TLS/,
    code: 'GIT_UNREACHABLE',
    retry: 'transient',
    hint: "trust the server's authority in argocd-tls-certs-cm, or set insecure in the repository's Secret",
  },
  {
    pattern:
      /repository '?.*'? not found|does not (appear to be|exist)|not a git repository|returned error: 404|HTTP Error: 404/i,
    code: 'GIT_REPOSITORY_NOT_FOUND',
    retry: 'transient',
    hint: 'check the URL; some servers also answer so when the credentials are missing',
  },
];

/** Signs, in git's standard error, that the mirror itself is damaged. */
const damage =
  /bad config|bad object|is corrupt|corrupt(ed)? (loose|packed|object|patch)|missing (blob|tree|commit|necessary)|did not send all necessary objects|unresolved delta|packfile .* (cannot be|is far too short|does not match)|unable to (find|read) [0-9a-f]{40}|not a git repository: '|invalid object|index file .* (is too small|corrupt)|Unable to create '.*\.lock'|bad (pack|tree|signature)|unable to unpack|invalid sha1 pointer|un(expected|terminated) line in|broken/i;

/** Whether standard error says that the local mirror is damaged (and not that the remote misbehaves). */
export function saysDamaged(stderr: string): boolean {
  return !/remote error|remote: /i.test(stderr) && damage.test(stderr);
}

function lastLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !/^(hint:|warning: redirecting|Please make sure|and the repository exists)/.test(line),
    );
  return lines.slice(-4).join('; ').slice(0, 1000);
}

/** An error of a look or a fetch as a coded error with the tool's own words, redacted. */
export function remoteFailure(words: string, context: FailureContext, cause?: unknown): PlumblineError {
  const text = lastLines(words);
  const rule = rules.find(({ pattern }) => pattern.test(words));
  const message = `can't ${context.action} ${context.url}: ${text || 'no answer'}`;
  return new PlumblineError(rule?.code ?? 'GIT_UNREACHABLE', message, {
    retry: rule?.retry ?? 'transient',
    hint: rule?.hint,
    cause,
    details: { repository: context.url },
  });
}

/** The remote did not answer in time. */
export function remoteTimeout(context: FailureContext, timeoutMs: number): PlumblineError {
  const message = `can't ${context.action} ${context.url}: no answer within ${timeoutMs / 1000} s`;
  return new PlumblineError('GIT_UNREACHABLE', message, { retry: 'transient', details: { repository: context.url } });
}

/** The revision means nothing in the repository. */
export function revisionNotFound(url: string, revision: string, why?: string): PlumblineError {
  const name = revision === '' ? 'HEAD' : revision;
  const text = `revision '${name}' was not found in ${url}${why ? `: ${why}` : ''}`;
  return new PlumblineError('GIT_REVISION_NOT_FOUND', text, { details: { repository: url, revision: name } });
}

/** No object has the id. */
export function objectNotFound(url: string, oid: string, why = 'is not in the mirror'): PlumblineError {
  return new PlumblineError('GIT_OBJECT_NOT_FOUND', `object ${oid} ${why} of ${url}`, {
    details: { repository: url, object: oid },
  });
}

/** The mirror on disk is damaged. */
export function mirrorBroken(url: string, words: string, cause?: unknown): PlumblineError {
  return new PlumblineError('GIT_MIRROR_BROKEN', `the mirror of ${url} is damaged: ${lastLines(words)}`, {
    retry: 'transient',
    hint: 'it is rebuilt by itself once the repository can be reached',
    cause,
  });
}

/** The mirror was closed while, or before, it was asked. */
export function mirrorClosed(url: string): PlumblineError {
  return new PlumblineError('GIT_MIRROR_CLOSED', `the mirror of ${url} is closed`, { retry: 'transient' });
}
