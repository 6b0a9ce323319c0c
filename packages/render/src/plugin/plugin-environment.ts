import type { ApplicationSourcePlugin } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { type BuildEnvironment, substitute } from '../build-environment.ts';
import { canonicalJson } from '../digest.ts';
import type { PluginInputs } from './plugin-description.ts';

type Parameter = NonNullable<ApplicationSourcePlugin['parameters']>[number];
type Variables = Record<string, string>;

/** What the environment of a plugin is made of. */
export interface PluginEnvironmentOptions {
  /** The source's plugin options; absent where the plugin was discovered. */
  plugin: ApplicationSourcePlugin | undefined;
  build: BuildEnvironment;
  kubeVersion: string;
  apiVersions: readonly string[];
  inputs: PluginInputs;
}

/** Upper case; what cannot be in a variable's name becomes `_`. */
function variableName(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
}

function parameterVariables({ name = '', string, map, array }: Parameter): Variables {
  const base = `PARAM_${variableName(name)}`;
  return {
    ...(string === undefined ? {} : { [base]: string }),
    ...Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [`${base}_${variableName(key)}`, value])),
    ...Object.fromEntries((array ?? []).map((value, index) => [`${base}_${index}`, value])),
  };
}

/** `ARGOCD_APP_PARAMETERS`: only what a parameter has; members and keys are sorted, as Argo CD's are. */
function parametersJson(parameters: readonly Parameter[]): string {
  return canonicalJson(parameters.map(({ name = '', string, array, map }) => ({ name, string, array, map })));
}

function withoutRevision(build: BuildEnvironment): Variables {
  return Object.fromEntries(Object.entries(build).filter(([name]) => !name.startsWith('ARGOCD_APP_REVISION')));
}

function checkVariables(variables: Variables): Variables {
  for (const [name, value] of Object.entries(variables)) {
    if (!/[=\0]/.test(name) && !value.includes('\0')) continue;
    throw new PlumblineError('RENDER_INVALID_SOURCE', `plugin: ${JSON.stringify(name)} is no environment variable`, {
      hint: 'names may not contain "=", values no NUL',
    });
  }
  return variables;
}

/**
 * The variables that a plugin's commands get beyond those of their container (reference §7.5, §7.6). Names of the user's
 * variables always begin with `ARGOCD_ENV_`, and their values may refer to the build environment. Throws
 * `RENDER_INVALID_SOURCE` for what no environment can hold.
 */
export function pluginEnvironment(options: PluginEnvironmentOptions): Variables {
  const { plugin, kubeVersion, apiVersions, inputs } = options;
  const base: Variables = {
    ...(inputs === 'source' ? withoutRevision(options.build) : options.build),
    KUBE_VERSION: kubeVersion,
    KUBE_API_VERSIONS: apiVersions.join(','),
  };
  if (!plugin) return base;
  const own = (plugin.env ?? []).map(({ name, value }) => [`ARGOCD_ENV_${name}`, substitute(value, base)]);
  const parameters = plugin.parameters ?? [];
  return checkVariables({
    ...base,
    ...Object.fromEntries(own),
    ARGOCD_APP_PARAMETERS: parametersJson(parameters),
    ...Object.assign({}, ...parameters.map(parameterVariables)),
  });
}
