import type { ApplicationSource } from '@plumbline/apis';
import type { RenderContext } from './types.ts';

/** Variables that source options may use (reference §7.6). */
export type BuildEnvironment = Readonly<Record<string, string>>;

/** The build environment of one source at one revision. */
export function buildEnvironment(
  source: ApplicationSource,
  revision: string,
  context: RenderContext,
): BuildEnvironment {
  return {
    ARGOCD_APP_NAME: context.appName,
    ARGOCD_APP_NAMESPACE: context.namespace,
    ARGOCD_APP_PROJECT_NAME: context.project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_PATH: source.path ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision ?? '',
  };
}

const reference = /\$(?:\{([^}]*)\}|(\{)|([*#$@!?0-9-])|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * Replaces `$NAME` and `${NAME}`; `$$` and `${$}` are a dollar sign; an unknown name, and a `${` that nothing closes,
 * becomes nothing; a `$` before anything else stays (Go's `os.Expand`).
 */
export function substitute(text: string, environment: BuildEnvironment): string {
  return text.replace(reference, (_match, braced?: string, _open?: string, special?: string, plain?: string) => {
    if (special === '$' || braced === '$') return '$';
    const name = braced ?? plain;
    return name !== undefined && Object.hasOwn(environment, name) ? (environment[name] ?? '') : '';
  });
}
