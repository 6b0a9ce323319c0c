const urlCredentials = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*(?::[^\s/@]*)?@/gi;
const privateKey =
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g;
const authorization = /\b(authorization:\s*)(?:(basic|bearer)\s+)?\S+/gi;
const bearer = /\b(bearer|basic)\s+[A-Za-z0-9+/_=.-]{12,}/gi;
const jwt = /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g;
const assignment = /\b(password|passwd|token|secret|api[-_]?key)(["']?\s*[=:]\s*["']?)(?!\s)[^\s"',;&]+/gi;

/**
 * Removes what looks like a credential from a text that leaves the process: user and password in URLs, private
 * keys, Authorization headers, bearer tokens, JWTs and `password=…` assignments. Safe to call twice.
 */
export function redact(text: string): string {
  return text
    .replace(urlCredentials, '$1***@')
    .replace(privateKey, '[private key]')
    .replace(authorization, '$1***')
    .replace(bearer, '$1 ***')
    .replace(jwt, '***')
    .replace(assignment, '$1$2***');
}
