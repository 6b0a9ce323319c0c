import { randomBytes } from 'node:crypto';

/** Random text that nobody guesses. */
export const secretText = (): string => randomBytes(24).toString('base64url');
