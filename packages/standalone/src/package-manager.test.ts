import { expect, it } from 'vitest';
import { isPackageManager } from './package-manager.ts';

it.each([
  ['npm exec pnpm@12 plumb up', true],
  ['pnpm plumb up', true],
  ['/usr/bin/npx --yes pnpm@12 demo', true],
  ['/usr/bin/node /usr/lib/node_modules/npm/bin/npx-cli.js --yes pnpm@12 demo', true],
  ['node /home/me/.npm/_npx/x/node_modules/.bin/pnpm demo', true],
  ['sh -c pnpm plumb up', false],
  ['-bash', false],
  ['bash -c npx --yes pnpm@12 demo &', false],
  ['node packages/cli/bin/plumb.js up', false],
])('%s is a package manager: %s', (commandLine, expected) => {
  expect(isPackageManager(commandLine)).toBe(expected);
});
