import { PlumblineError } from '@plumbline/errors';

/** Shorter values ("a", "on") would garble the message and are no secrets. */
const shortestSecret = 4;

/** All that is no list or map, however deep: what is no Secret by its shape is one by what it holds. */
function values(member: unknown): string[] {
  if (typeof member !== 'object' || member === null) return member === undefined ? [] : [String(member)];
  return Object.values(member).flatMap(values);
}

/** What of the body may be quoted freely: names, and what Kubernetes itself gives meaning to. */
const open = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable']);

/** Every form in which the API server could quote a value of the body. */
function secretTexts(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const all = Object.entries(body)
    .filter(([name]) => !open.has(name))
    .flatMap(([, member]) => values(member))
    .flatMap((value) => [
      value,
      Buffer.from(value).toString('base64'),
      // Of a text that is no base64 this is noise, which no message holds.
      Buffer.from(value, 'base64').toString('utf8'),
    ]);
  return [...new Set(all)].filter((text) => text.length >= shortestSecret).sort((a, b) => b.length - a.length);
}

/** Where the server quotes the object as JSON or as its own structure, the stored values are among it. */
const quoted = /\{[\s\S]*\}/;

/** The error without the values of the Secret that was sent: the API server quotes what it finds invalid. */
export function scrubSecretError(error: unknown, body: unknown): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const message = secretTexts(body)
    .reduce((text, secret) => text.replaceAll(secret, '***'), error.message)
    .replace(quoted, '{***}');
  if (message === error.message) return error;
  const { code, retry, hint, details } = error;
  return new PlumblineError(code, message, { retry, details, ...(hint === undefined ? {} : { hint }) });
}
