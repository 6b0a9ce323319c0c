/** Loaded where signatures and keys are read only: it takes 10 MB. */
export function openpgp(): Promise<typeof import('openpgp')> {
  return import('openpgp');
}
