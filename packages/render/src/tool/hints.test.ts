import { expect, it } from 'vitest';
import { hintFor } from './hints.ts';

it.each([
  ['kustomize', 'trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm', '--enable-helm'],
  ['kustomize', "security; file '/a/b.yaml' is not in or below '/a/c'", 'LoadRestrictionsNone'],
  ['kustomize', "external plugins disabled; unable to load external plugin 'x'", '--enable-alpha-plugins'],
  ['kustomize', "unable to access 'https://git.example.com/': Could not resolve host: git.example.com", 'this host'],
  ['helm', 'library charts are not installable', 'library chart'],
  ['helm', "values don't meet the specifications of the schema(s) in the following chart(s)", 'skipSchemaValidation'],
  ['kustomize', "unable to find one of 'kustomization.yaml' in directory 'base'", 'give that folder'],
  ['kustomize', "cycle detected: candidate root 'p' contains visited root 'p'", 'not name the other'],
  ['kustomize', 'invalid Kustomization: json: unknown field "resource"', 'no such field'],
  ['kustomize', 'no matches for Id ConfigMap.v1.[noGrp]/z.[noNs]; failed to find unique target', 'patch'],
  ['kustomize', 'may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]', 'same object'],
  ['kustomize', "lstat p/deploy.yaml: no such file or directory': must build at directory", 'case'],
  ['helm', 'executing "c/templates/a.yaml" at <.Values.image.tag>: nil pointer evaluating interface {}.tag', 'not set'],
  ['helm', 'YAML parse error on c/templates/b.yaml: error converting YAML to JSON: yaml: line 6', 'no YAML'],
  ['helm', 'cannot load values.yaml: yaml: line 2: found character that cannot start any token', 'spaces'],
  ['helm', 'failed parsing --set data: error parsing index: EOF', 'parameter'],
  ['helm', 'failed to parse inline-values.yaml: error converting YAML to JSON', 'helm.values'],
  ['helm', 'chart requires kubeVersion: <1.20 which is incompatible with Kubernetes v1.36.1', 'kubeVersion'],
  ['helm', `can't get a valid version for 1 subchart(s): "c"`, 'another version'],
  ['helm', 'validation: chart.metadata.version "one" is invalid', '1.2.3'],
  ['jsonnet', 'RUNTIME ERROR: Undefined external variable: replicas', 'extVars'],
  ['jsonnet', 'RUNTIME ERROR: Missing argument: replicas', 'tlas'],
  ['jsonnet', `RUNTIME ERROR: couldn't open import "k.libsonnet": no match locally`, 'libs'],
] as const)('says what to do next: %s %s', (tool, stderr, expected) => {
  expect(hintFor(tool, stderr)).toContain(expected);
});

it('says nothing where the words say it all', () => {
  expect(hintFor('helm', 'execution error at (web/templates/x.yaml:3:4): image is required')).toBeUndefined();
});
