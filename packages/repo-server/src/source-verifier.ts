import { PlumblineError } from '@plumbline/errors';
import {
  createSignatureCache,
  type Keyring,
  type Mirror,
  readKeyring,
  type SignatureProblem,
  verifySignatures,
} from '@plumbline/git';
import { type RenderRequest, type SourceVerification, type VerifiedSources, verificationsOf } from '@plumbline/render';

import type { RemoteBase } from './base-repositories.ts';

export interface SourceVerifierOptions {
  openMirror(url: string, project: string): Promise<Mirror>;
  /** Armored public keys by the names of argocd-gpg-keys-cm; asked for every verification. */
  publicKeys(): Readonly<Record<string, string>>;
}

/** Verifies the signatures that a render wants. */
export interface SourceVerifier {
  /**
   * What the receipt of the render says of it; undefined where the request wants nothing verified. Throws
   * `SOURCE_UNVERIFIED` with repository, revision, and the problem of each commit.
   */
  verify(request: RenderRequest, signal: AbortSignal): Promise<VerifiedSources | undefined>;
  /** Verifies what a kustomization of the source refers to, as the source itself. Throws `SOURCE_UNVERIFIED`. */
  verifyBase(request: RenderRequest, base: RemoteBase, signal: AbortSignal): Promise<void>;
}

interface Wanted {
  repoURL: string;
  revision: string;
  verify: SourceVerification;
  /** It is what a kustomization refers to. */
  isBase?: true;
}

function wantedOf({ source, revision, verify, refs = {} }: RenderRequest): Wanted[] {
  const siblings = Object.values(refs).flatMap(({ verify: each, repoURL, revision: at }) =>
    each ? [{ repoURL, revision: at, verify: each }] : [],
  );
  return verify ? [{ repoURL: source.repoURL, revision, verify }, ...siblings] : siblings;
}

const hint =
  'sign the commits, add the key (plumb gpg add), or correct signatureKeys or sourceIntegrity of the project';
const baseHint =
  'name the base by its full commit id (?ref=…), which the signed commit vouches for, or sign its commits';

function unverified(
  { repoURL, revision, verify, isBase }: Wanted,
  problems: readonly SignatureProblem[],
  { request, keyring }: { request: RenderRequest; keyring: Keyring },
): PlumblineError {
  const { appName, project } = request.context;
  const what = verify.mode === 'strict' ? 'the history of revision' : 'revision';
  const keys = verify.keys.length > 0 ? `one of the keys ${verify.keys.join(', ')}` : 'a key, but names none';
  const text = [
    `application ${appName} is not deployed: project ${project} wants ${what} ${revision} of ${isBase ? 'the remote base ' : ''}${repoURL} to be signed by ${keys}`,
    ...problems.map(({ message }) => message),
  ].join('; ');
  const broken = [...keyring.problems].map(
    ([name, reason]) => `key ${name} of argocd-gpg-keys-cm cannot be read: ${reason}`,
  );
  return new PlumblineError('SOURCE_UNVERIFIED', text, {
    retry: 'terminal',
    hint: [...broken, isBase ? baseHint : hint].join('; '),
    details: {
      repository: repoURL,
      revision,
      application: appName,
      project,
      commits: problems.map(({ oid }) => oid).join(' '),
    },
  });
}

/** Keeps what was proved of commits in memory, by the keys that proved it. */
export function createSourceVerifier({ openMirror, publicKeys }: SourceVerifierOptions): SourceVerifier {
  const cache = createSignatureCache();
  let ring: { texts: Readonly<Record<string, string>>; keyring: Promise<Keyring> } | undefined;

  const keyringNow = (): Promise<Keyring> => {
    const texts = publicKeys();
    if (ring?.texts !== texts) ring = { texts, keyring: readKeyring(texts) };
    return ring.keyring;
  };

  const verifyIn = async (
    mirror: Mirror,
    wanted: Wanted,
    { request, signal }: { request: RenderRequest; signal: AbortSignal },
  ): Promise<void> => {
    const keyring = await keyringNow();
    const { mode, keys, tag } = wanted.verify;
    if (tag) await mirror.ensureCommit(tag.oid, { signal });
    const signed = { commit: wanted.revision, ...(tag ? { tag } : {}) };
    const problems = await verifySignatures(mirror, signed, { keyring, cache, policy: { mode, keys }, signal });
    if (problems.length > 0) throw unverified(wanted, problems, { request, keyring });
  };

  const verifyOne = async (wanted: Wanted, request: RenderRequest, signal: AbortSignal): Promise<void> => {
    const mirror = await openMirror(wanted.repoURL, request.context.project);
    await mirror.ensureCommit(wanted.revision, { signal });
    await verifyIn(mirror, wanted, { request, signal });
  };

  return {
    async verify(request, signal) {
      for (const wanted of wantedOf(request)) await verifyOne(wanted, request, signal);
      return verificationsOf(request);
    },
    async verifyBase(request, { url, commit, mirror }, signal) {
      if (!request.verify) return;
      const { mode, keys } = request.verify;
      const wanted = { repoURL: url, revision: commit, verify: { mode, keys }, isBase: true as const };
      await verifyIn(mirror, wanted, { request, signal });
    },
  };
}
