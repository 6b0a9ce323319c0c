import { describe, expect, it } from 'vitest';
import { holds } from './condition/evaluate.ts';
import { deepLinks } from './deep-links.ts';
import { fillTemplate } from './template/fill.ts';

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

const shop = {
  app: {
    metadata: { name: 'web', namespace: 'argocd', labels: { team: 'Pay Ments' }, annotations: { 'x.io/board': 'b1' } },
    spec: { source: { repoURL: 'https://git.example/org/repo.git' }, destination: { namespace: 'prod' } },
    status: { summary: { images: ['b:2', 'a:1'] } },
  },
};

describe('a template', () => {
  it.each([
    ['{{ .app.metadata.name | upper | printf "%-5s|" }}', 'WEB  |'],
    ['{{ printf "%s-%03d" .app.metadata.name 7 }}', 'web-007'],
    ['{{ index .app.metadata.annotations "x.io/board" }}', 'b1'],
    ['{{ index .app.metadata.annotations "none" | default "d" }}', 'd'],
    ['{{ .app.metadata.none | default "d" | quote }}', '"d"'],
    ['{{if eq .app.spec.destination.namespace "prod"}}p{{else}}d{{end}}', 'p'],
    ['{{if .app.none}}a{{else if .app.spec}}b{{else}}c{{end}}', 'b'],
    ['{{range $i, $image := .app.status.summary.images}}{{if $i}},{{end}}{{$image}}{{end}}', 'b:2,a:1'],
    ['{{range .app.status.summary.images}}{{.}};{{else}}none{{end}}', 'b:2;a:1;'],
    ['{{range .app.none}}x{{else}}none{{end}}', 'none'],
    ['{{range $k, $v := .app.metadata.labels}}{{$k}}={{$v}}{{end}}', 'team=Pay Ments'],
    [
      '{{with .app.spec.source}}{{trimSuffix ".git" .repoURL}}{{$.app.metadata.name}}{{end}}',
      'https://git.example/org/repoweb',
    ],
    ['{{$n := .app.metadata.name}}{{$n}}{{- /* said */ -}}  x', 'webx'],
    ['{{$n := "a"}}{{if true}}{{$n = "b"}}{{end}}{{$n}}', 'b'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{ .app.metadata.labels.team | lower | replace " " "-" | trunc 6 }}', 'pay-me'],
    ['{{ (index .app.status.summary.images 0) | splitList ":" | last }}', '2'],
    ['{{ (split ":" "a:b")._1 }}', 'b'],
    ['{{ sortAlpha .app.status.summary.images | join "," | urlquery }}', 'a%3A1%2Cb%3A2'],
    ['{{ regexReplaceAll "^https://([^/]+)/.*" .app.spec.source.repoURL "$1" }}', 'git.example'],
    ['{{ and .app.none "x" }}{{ or .app.none "y" }}{{ not .app.none }}{{ len .app.status.summary.images }}', 'ytrue2'],
    ['{{ ternary "a" "b" (hasPrefix "w" .app.metadata.name) }}{{ "}}" }}', 'a}}'],
    ['{{ `raw` }}{{ .app.metadata.labels }}', 'rawmap[team:Pay Ments]'],
    ['{{ .app.__proto__ }}{{ .constructor }}', ''],
  ])('%s is %s', (template, filled) => expect(fillTemplate(template, shop)).toBe(filled));

  it.each([
    '{{ .app',
    '{{ if .app }}x',
    '{{ end }}',
    '{{ env "HOME" }}',
    '{{ constructor }}',
    '{{ .app | }}',
    '{{ $x }}',
    '{{ ( .app }}',
    '{{ index .app.status.summary.images 9 }}',
    '{{ range 70000 }}{{ repeat 9999 "x" }}{{ end }}',
  ])('%s is refused', (template) => expect(() => fillTemplate(template, shop)).toThrow(/template/));
});

describe('a condition', () => {
  it.each([
    ['app.metadata.labels["team"] contains "Pay" and not (app.metadata.name == "api")', true],
    ['app.metadata.annotations["x.io/board"] != nil', true],
    ['app.metadata.annotations?.none?.deeper == nil', true],
    ['app.none.deeper == nil', 'refused'],
    ['app.spec.destination.namespace in ["prod", "stage"]', true],
    ['app.spec.destination.namespace not in ["prod"]', false],
    ['"team" in app.metadata.labels', true],
    ['app.metadata.name startsWith "w" && app.metadata.name endsWith "b"', true],
    ['app.metadata.name matches "^w.b$"', true],
    ['len(app.status.summary.images) > 1 ? true : false', true],
    ['any(app.status.summary.images, {# startsWith "a"})', true],
    ['all(app.status.summary.images, # startsWith "a")', false],
    ['(app.metadata.none ?? "x") == "x" || false', true],
    ['1 + 2 * 3 == 7 and 7 % 4 == 3', true],
    ['!(1 < 2)', false],
    ['not true or true', true],
    ['app.metadata.name ==', 'refused'],
    ['exec("x")', 'refused'],
    ['"unclosed', 'refused'],
  ])('%s: %s', (condition, verdict) => {
    if (verdict === 'refused') expect(() => holds(condition, shop)).toThrow(/condition/);
    else expect(holds(condition, shop)).toBe(verdict);
  });
});

it('a link that cannot be evaluated is named, and the others stay', () => {
  const named: string[] = [];
  const links = [
    { title: 'bad', url: 'https://x/{{ .app' },
    { title: 'good', url: 'https://x/{{ .app.metadata.name }}' },
  ];
  expect(deepLinks(links, shop, (title) => named.push(title)).items).toEqual([{ title: 'good', url: 'https://x/web' }]);
  expect(named).toEqual(['bad']);
});
