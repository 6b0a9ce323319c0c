import { expect, test } from 'vitest';
import { changedKinds } from './changed-kinds.ts';
import type { HealthRule } from './rules.ts';

const widget = { group: 'example.com', kind: 'Widget' };
const gadget = { group: 'example.com', kind: 'Gadget' };
const lua = (pattern: string, script: string, key = `health.${pattern}`): HealthRule => ({
  language: 'lua',
  pattern,
  key,
  script,
  openLibraries: false,
});

test.each<[string, HealthRule[], HealthRule[], boolean, boolean]>([
  ['nothing', [lua('example.com/Widget', 'a')], [lua('example.com/Widget', 'a')], false, false],
  ['a script', [lua('example.com/Widget', 'a')], [lua('example.com/Widget', 'b')], true, false],
  ['the end of a rule', [lua('example.com/Widget', 'a')], [], true, false],
  ['a pattern', [], [lua('example.com/*', 'a')], true, true],
  [
    'a pattern that a named rule hides',
    [lua('example.com/Widget', 'a')],
    [lua('example.com/*', 'b'), lua('example.com/Widget', 'a')],
    false,
    true,
  ],
])('%s changes the health of the kinds concerned', (_, before, after, ofWidgets, ofGadgets) => {
  const changed = changedKinds(before, after);
  expect([changed(widget), changed(gadget)]).toEqual([ofWidgets, ofGadgets]);
});
