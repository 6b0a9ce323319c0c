import type { ToolName } from './run-tool.ts';

/** What people can do about words of a tool that do not say it themselves. */
const hints: Readonly<Record<ToolName, readonly (readonly [RegExp, string])[]>> = {
  kustomize: [
    [/must specify --enable-helm/, 'add --enable-helm to kustomize.buildOptions in argocd-cm'],
    [
      /security; file '.*' is not in or below/,
      'move the file below the kustomization, or add --load-restrictor LoadRestrictionsNone to kustomize.buildOptions in argocd-cm',
    ],
    [
      /external plugins disabled/,
      'use a builtin plugin, or add --enable-alpha-plugins to kustomize.buildOptions in argocd-cm',
    ],
    [/unable to find one of 'kustomization/, 'give that folder a kustomization.yaml, or list its files'],
    [/cycle detected/, 'let one of the two kustomizations not name the other'],
    [/invalid Kustomization: json: unknown field/, 'kustomize knows no such field: check how it is written'],
    [/no matches for Id/, 'a patch changes what resources bring: check its kind, name and namespace'],
    [/already registered id/, 'two resources are the same object: leave one out, or change it by a patch'],
    [
      /no such file or directory/,
      'check the name and its case: paths are relative to the kustomization that names them',
    ],
  ],
  helm: [
    [/library charts are not installable/, 'a library chart has nothing to deploy: name a chart that uses it'],
    [
      /values don't meet the specifications of the schema/,
      'change the values, or set helm.skipSchemaValidation in the source',
    ],
    [
      /nil pointer evaluating/,
      'a value is not set: give it in values, or let the template do without, by `default` or `with`',
    ],
    [/YAML parse error on/, 'what the template gives is no YAML: check its indentation, and quote what values may be'],
    [/cannot load values\.yaml: .*cannot start any token/, 'indent by spaces: YAML allows no tabs'],
    [
      /failed parsing --set/,
      'check the name of the parameter: dots, commas and brackets in it are escaped by a backslash',
    ],
    [/failed to parse inline-values\.yaml/, 'helm.values has to be YAML with a mapping of values'],
    [
      /which is incompatible with Kubernetes/,
      'take another version of the chart, or set helm.kubeVersion in the source',
    ],
    [/can't get a valid version/, 'the dependency has another version than Chart.yaml asks for: change one of them'],
    [/chart\.metadata\.version .* is invalid/, 'the version in Chart.yaml has to be like 1.2.3'],
  ],
  jsonnet: [
    [/Undefined external variable:/, 'set it in directory.jsonnet.extVars of the source'],
    [/Missing argument:/, 'set it in directory.jsonnet.tlas of the source'],
    [/couldn't open import/, 'name the folder that it is found in, by directory.jsonnet.libs of the source'],
  ],
};

const unknownHost = /no such host|Could not resolve host|Name or service not known/;

/** What to do next about a tool's error, where its words do not tell. */
export function hintFor(tool: ToolName, stderr: string): string | undefined {
  const found = hints[tool].find(([pattern]) => pattern.test(stderr));
  if (found) return found[1];
  return unknownHost.test(stderr)
    ? 'the repo-server does not find this host: check the address and the name service'
    : undefined;
}
