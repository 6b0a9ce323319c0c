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
  ],
  helm: [
    [/library charts are not installable/, 'a library chart has nothing to deploy: name a chart that uses it'],
    [
      /values don't meet the specifications of the schema/,
      'change the values, or set helm.skipSchemaValidation in the source',
    ],
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
