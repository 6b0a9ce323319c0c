import { expect, it } from 'vitest';
import { deepLinks } from './deep-links.ts';

const facts = { app: { metadata: { name: 'web', labels: { team: 'a' } }, spec: { project: 'p' } } };
const urls = (...links: { url: string; if?: string }[]) =>
  deepLinks(
    links.map((link) => ({ title: 't', ...link })),
    facts,
  ).items.map(({ url }) => url);

it('fills templates with what is known of the thing', () => {
  expect(urls({ url: 'https://x/{{.app.metadata.name}}/{{ .app.spec.project }}' })).toEqual(['https://x/web/p']);
  expect(urls({ url: 'https://x/{{.app.metadata.missing}}{{.app.constructor}}' })).toEqual(['https://x/']);
});

it.each([
  ['app.spec.project == "p"', true],
  ['app.spec.project == "q"', false],
  ['app.spec.project != "q" && app.metadata.labels.team', true],
  ['app.metadata.labels.other', false],
  ['app.metadata.labels.other == nil', true],
  ['exec("x")', false],
])('shows a link by its condition %s: %s', (condition, shown) =>
  expect(urls({ url: 'https://x', if: condition })).toHaveLength(shown ? 1 : 0),
);

it('leads to web addresses only', () => {
  expect(urls({ url: 'javascript:alert(1)' }, { url: 'nonsense' }, { url: 'http://x' })).toEqual(['http://x']);
});
