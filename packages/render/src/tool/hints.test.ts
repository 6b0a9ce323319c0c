import { expect, it } from 'vitest';
import { hintFor } from './hints.ts';

it.each([
  ['kustomize', 'trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm', '--enable-helm'],
  ['kustomize', "security; file '/a/b.yaml' is not in or below '/a/c'", 'LoadRestrictionsNone'],
  ['kustomize', "external plugins disabled; unable to load external plugin 'x'", '--enable-alpha-plugins'],
  ['kustomize', "unable to access 'https://git.example.com/': Could not resolve host: git.example.com", 'this host'],
  ['helm', 'library charts are not installable', 'library chart'],
  ['helm', "values don't meet the specifications of the schema(s) in the following chart(s)", 'skipSchemaValidation'],
  ['jsonnet', 'RUNTIME ERROR: Undefined external variable: replicas', 'extVars'],
  ['jsonnet', 'RUNTIME ERROR: Missing argument: replicas', 'tlas'],
  ['jsonnet', `RUNTIME ERROR: couldn't open import "k.libsonnet": no match locally`, 'libs'],
] as const)('says what to do next: %s %s', (tool, stderr, expected) => {
  expect(hintFor(tool, stderr)).toContain(expected);
});

it('says nothing where the words say it all', () => {
  expect(hintFor('helm', 'execution error at (web/templates/x.yaml:3:4): image is required')).toBeUndefined();
});
