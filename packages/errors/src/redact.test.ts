import { expect, it } from 'vitest';
import { redact } from './redact.ts';

it.each(['OPENSSH PRIVATE KEY', 'RSA PRIVATE KEY', 'PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'])(
  'takes a %s out of a text, also one that is cut off',
  (kind) => {
    const key = `-----BEGIN ${kind}-----\n\nY2FuYXJ5\n-----END ${kind}-----`;
    expect(redact(`before ${key} after`)).toBe('before [private key] after');
    expect(redact(`before ${key.slice(0, -10)}`)).toBe('before [private key]');
  },
);
