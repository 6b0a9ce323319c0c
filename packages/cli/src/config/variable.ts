/** A variable of the environment by our own name, or by the one that scripts for Argo CD set. Undefined where it is empty. */
export function variable(name: string): string | undefined {
  return process.env[`PLUMB_${name}`] || process.env[`ARGOCD_${name}`] || undefined;
}
