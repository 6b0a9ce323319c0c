import { expect, it } from 'vitest';
import { unstableUses } from './unstable-templates.ts';

const found = (text: string) => unstableUses(text).map(({ line, what }) => `${line} ${what}`);

it.each([
  ['{{ lookup "v1" "Secret" .Release.Namespace "x" }}', ['1 lookup']],
  ['a: b\n{{- $old := (lookup "v1" "Secret" "a" "b") -}}\n', ['2 lookup']],
  ['x: {{ randAlphaNum 16 | b64enc }}', ['1 randAlphaNum']],
  ['x: {{ .Values.a | default (randAlpha 5) }}', ['1 randAlpha']],
  ['\n\n{{ $ca := genCA "ca" 365 }}\n{{ genSignedCert "a" nil nil 1 $ca }}', ['3 genCA', '4 genSignedCert']],
  [
    '{{ if .Release.IsUpgrade }}a{{ end }}{{ if and .Release.IsInstall true }}b{{ end }}',
    ['1 .Release.IsUpgrade', '1 .Release.IsInstall'],
  ],
  ['{{ $.Release.IsInstall }}', ['1 .Release.IsInstall']],
  ['{{ printf "%s"\n  (randAlphaNum 5) }}', ['2 randAlphaNum']],
  ['{{ uuidv4 }}', ['1 uuidv4']],
])('is found: %s', (text, expected) => {
  expect(found(text)).toEqual(expected);
});

it.each([
  'lookup: randAlphaNum',
  '{{/* lookup "v1" */}}',
  '{{- /* a comment with }} and randAlphaNum 5 */ -}}',
  '{{ "lookup x" }}',
  '{{ printf "}} %s" "randAlphaNum 5" }}',
  '{{ .Values.lookup }} {{ $lookup }} {{ .Values.randAlphaNum }}',
  '{{ include "thing.lookup" . }}',
  '{{ .Release.IsInstallable }}',
])('is none: %s', (text) => {
  expect(found(text)).toEqual([]);
});

it.each(['{{', '{{ "', '{{ `', "{{ '", '{{/*', '{{ "a" '])('takes a template that repeats %s in its stride', (text) => {
  const started = performance.now();
  expect(found(text.repeat(100_000))).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2000);
});
