import { errorMessage, PlumblineError } from '@plumbline/errors';
import { readText, send } from '../http/send.ts';
import type { RepositoryAccess } from '../types.ts';

/** A question for a token, as a form. */
export interface TokenQuestion {
  url: string;
  form: Readonly<Record<string, string>>;
  /** Who is asked for, for errors: `Azure service principal …`. */
  who: string;
  /** Which keys of the Secret to check. */
  hint: string;
}

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

function refused({ who, hint }: TokenQuestion, words: string, denied: boolean): PlumblineError {
  return new PlumblineError(denied ? 'GIT_AUTHENTICATION' : 'GIT_UNREACHABLE', `${who} got no token: ${words}`, {
    retry: denied ? 'terminal' : 'transient',
    hint,
  });
}

/** What is said where a token is refused; OAuth servers give a code and a description. Nothing of what was asked. */
function wordsOf(answer: Record<string, unknown>): string {
  const said = [answer['error'], answer['error_description']].filter((part) => typeof part === 'string');
  return said.join(': ').replace(/\s+/g, ' ').slice(0, 300);
}

/**
 * Asks an identity provider, over the repository's proxy, and gives its JSON. Only https is used, but for this machine, and no
 * link-local or metadata address is asked. Throws `GIT_AUTHENTICATION` where it refuses, `GIT_UNREACHABLE` (transient) where there is
 * no usable answer.
 */
export async function askToken(question: TokenQuestion, access: RepositoryAccess): Promise<Record<string, unknown>> {
  const { url, form } = question;
  if (!URL.canParse(url)) throw refused(question, `${url} is no URL`, true);
  const { protocol, hostname, origin } = new URL(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback.test(hostname))) {
    throw refused(question, `${origin} is no https address`, true);
  }
  const { proxy, noProxy } = access;
  const way = { url, foreign: true, ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form).toString();
  const answer = await send(url, { method: 'POST', headers, body, access: way }, async (got) => ({
    status: got.status,
    text: await readText(got.body),
  })).catch((cause: unknown) => {
    if (cause instanceof PlumblineError) throw cause;
    throw refused(question, `${origin}: ${errorMessage(cause)}`, false);
  });
  const json = parse(answer.text);
  const { status } = answer;
  if (status !== 200 || !json) {
    const denied = status >= 400 && status < 500 && status !== 429;
    throw refused(question, `${origin} answered HTTP ${status} ${wordsOf(json ?? {})}`.trim(), denied);
  }
  return json;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a field. Throws `GIT_UNREACHABLE`. */
export function textOf(answer: Record<string, unknown>, field: string, question: TokenQuestion): string {
  const value = answer[field];
  if (typeof value !== 'string' || value === '') throw refused(question, `the answer has no ${field}`, false);
  return value;
}

/** When it ends, by `expires_in` (seconds, a number or its text); an hour where it does not say. */
export function endOf(answer: Record<string, unknown>, now: number): number {
  const seconds = Number(answer['expires_in']);
  return now + (Number.isFinite(seconds) && seconds > 0 ? seconds : 3_600) * 1_000;
}
