import { expect, it } from 'vitest';
import { namesUnder } from './named-things.ts';

const keys = [
  'service.slack',
  'service.webhook.github',
  'trigger.on-sync',
  'template.app-sync',
  'template.',
  'context',
];

it.each([
  ['service', ['github', 'slack']],
  ['trigger', ['on-sync']],
  ['template', ['app-sync']],
  ['subscription', []],
])('finds what is under %s', (prefix, names) => {
  expect(namesUnder(prefix, keys)).toEqual(names.map((name) => ({ name })));
});
