import { readFileSync } from 'node:fs';

/** The text of a file in `testdata`. For tests. */
export function fixture(path: string): string {
  return readFileSync(new URL(`../../testdata/${path}`, import.meta.url), 'utf8');
}
