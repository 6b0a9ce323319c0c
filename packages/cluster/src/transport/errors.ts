import { PlumblineError, type RetryClass } from '@plumbline/errors';

/** The part of a `Status` answer that errors are made of. */
interface Status {
  message?: string;
  reason?: string;
  details?: { name?: string; kind?: string };
}

interface Failure {
  status: number;
  body: string;
  verb: string;
  path: string;
}

const noSuchPath = 'the server could not find the requested resource';

function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Status) : undefined;
  } catch {
    return undefined;
  }
}

function isMissingPath(status: Status | undefined): boolean {
  return status === undefined || status.message === noSuchPath || status.message === undefined;
}

/** Server-side apply answers 500 where a field has the wrong type: repeating it would be of no use. */
function isTypeError(status: Status | undefined): boolean {
  return status?.message?.startsWith('failed to create typed patch object') === true;
}

function codeOf(http: number, status: Status | undefined): string {
  switch (http) {
    case 400:
    case 422:
      return 'KUBE_INVALID';
    case 401:
      return 'KUBE_UNAUTHORIZED';
    case 403:
      return 'KUBE_FORBIDDEN';
    case 404:
      return isMissingPath(status) ? 'KUBE_NO_SUCH_KIND' : 'KUBE_NOT_FOUND';
    case 409:
      return status?.reason === 'AlreadyExists' ? 'KUBE_ALREADY_EXISTS' : 'KUBE_CONFLICT';
    case 410:
      return 'KUBE_GONE';
    case 429:
      return 'KUBE_TOO_MANY_REQUESTS';
    case 500:
      return isTypeError(status) ? 'KUBE_INVALID' : 'KUBE_UNAVAILABLE';
    default:
      return http >= 500 ? 'KUBE_UNAVAILABLE' : 'KUBE_ERROR';
  }
}

const transientCodes = new Set(['KUBE_TOO_MANY_REQUESTS', 'KUBE_UNAVAILABLE', 'KUBE_GONE']);

function retryOf(code: string): RetryClass {
  return transientCodes.has(code) ? 'transient' : 'terminal';
}

/** The error of an answer with a status of 400 or more: the message is the server's own. */
export function answerError({ status: http, body, verb, path }: Failure): PlumblineError {
  const status = parseStatus(body);
  const code = codeOf(http, status);
  const message = status?.message || body.trim().slice(0, 500) || `the API server answered ${http} to ${verb} ${path}`;
  const details = { status: http, reason: status?.reason ?? '', verb, path };
  return new PlumblineError(code, message, { retry: retryOf(code), details });
}

/** A `Status` object inside a watch stream (type ERROR) as an error. */
export function watchStatusError(status: { code?: number }, path: string): PlumblineError {
  return answerError({ status: status.code ?? 500, body: JSON.stringify(status), verb: 'watch', path });
}

/** The error of a request that got no answer. An abort by the caller's signal stays what it is. */
export function networkError(
  cause: unknown,
  { verb, path, server }: { verb: string; path: string; server: string },
): unknown {
  if (cause instanceof PlumblineError) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') return cause;
  const words = cause instanceof AggregateError ? cause.errors.map(messageOf).join('; ') : messageOf(cause);
  return new PlumblineError('KUBE_UNAVAILABLE', `${server} could not be reached: ${words}`, {
    retry: 'transient',
    cause,
    details: { status: 0, reason: '', verb, path },
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** The server has no kind of that name and version. */
export function noSuchKind(kind: { apiVersion: string; kind: string }, server: string): PlumblineError {
  return new PlumblineError(
    'KUBE_NO_SUCH_KIND',
    `${server} has no kind "${kind.kind}" in version "${kind.apiVersion}"`,
    {
      hint: 'the CustomResourceDefinition may be missing or not yet established',
      details: { status: 404, reason: 'NoSuchKind', verb: '', path: '' },
    },
  );
}

/** Whether the API server itself said no, rather than nobody having answered. */
export function isAnswer(error: unknown): boolean {
  return error instanceof PlumblineError && error.details['status'] !== 0;
}
