import { type KeyObject, sign } from 'node:crypto';

/** A JSON Web Token with these claims, signed with RS256. */
export function signedToken(claims: object, key: KeyObject, header: object = {}): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}
