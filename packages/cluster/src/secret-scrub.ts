import { PlumblineError } from '@plumbline/errors';

/** Shorter values ("a", "on") would garble the message and are no secrets. */
const shortestSecret = 4;

function values(member: unknown): string[] {
  if (typeof member !== 'object' || member === null) return [];
  return Object.values(member).map(String);
}

/** Every form in which the API server could quote a value of the body's `data` and `stringData`. */
function secretTexts(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const { data, stringData } = body as { data?: unknown; stringData?: unknown };
  const encoded = values(data);
  const clear = values(stringData);
  const all = [
    ...encoded,
    ...encoded.map((value) => Buffer.from(value, 'base64').toString('utf8')),
    ...clear,
    ...clear.map((value) => Buffer.from(value).toString('base64')),
  ];
  return [...new Set(all)].filter((text) => text.length >= shortestSecret).sort((a, b) => b.length - a.length);
}

/** The error without the values of the Secret that was sent: the API server quotes what it finds invalid. */
export function scrubSecretError(error: unknown, body: unknown): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const message = secretTexts(body).reduce((text, secret) => text.replaceAll(secret, '***'), error.message);
  if (message === error.message) return error;
  const { code, retry, hint, details } = error;
  return new PlumblineError(code, message, { retry, details, ...(hint === undefined ? {} : { hint }) });
}
