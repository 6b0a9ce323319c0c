import type { ApplicationSource } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { RenderReceipt, SourceReferences, SourceVerification } from '@plumbline/render';

/**
 * The sources that others of the Application may refer to, by `ref`, each at its resolved revision (reference §7.7);
 * undefined where there are none. Throws `RENDER_INVALID_SOURCE` where two have one name, or one is no name.
 */
export function sourceReferences(
  resolved: readonly { source: ApplicationSource; revision: string; verify?: SourceVerification }[],
): SourceReferences | undefined {
  const named = resolved.flatMap(({ source, ...more }) => (source.ref ? [{ ref: source.ref, source, ...more }] : []));
  const odd = named.find(({ ref }) => !/^[A-Za-z0-9_-]+$/.test(ref));
  if (odd) {
    throw new PlumblineError('RENDER_INVALID_SOURCE', `the ref "${odd.ref}" of a source is no name`, {
      hint: 'a ref has letters, digits, _ and - only',
    });
  }
  const twice = named.find(({ ref }, index) => named.findIndex((other) => other.ref === ref) !== index);
  if (twice) {
    throw new PlumblineError('RENDER_INVALID_SOURCE', `two sources of the Application have the ref "${twice.ref}"`, {
      hint: 'give every ref a name of its own',
    });
  }
  if (named.length === 0) return undefined;
  return Object.fromEntries(
    named.map(({ ref, source, revision, verify }) => [
      ref,
      {
        repoURL: source.repoURL,
        revision,
        ...(source.chart ? { chart: source.chart } : {}),
        ...(verify ? { verify } : {}),
      },
    ]),
  );
}

/** Whether a receipt is for exactly these revisions of the referred sources. */
export function isOfReferences(receipt: RenderReceipt, refs: SourceReferences | undefined): boolean {
  const wanted = Object.entries(refs ?? {});
  const given = receipt.refs ?? {};
  return (
    wanted.length === Object.keys(given).length &&
    wanted.every(([ref, { revision }]) => Object.hasOwn(given, ref) && given[ref] === revision)
  );
}
