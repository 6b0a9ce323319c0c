import type { ApplicationSourceKustomize } from '@plumbline/apis';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import { kustomizationNames } from '../detect-source-type.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { displayPath, joinPath } from '../repository/paths.ts';
import type { Found } from '../repository/repository-view.ts';
import { parseKustomization } from './kustomization.ts';
import { hasHost, isRemote, type KustomizationReferences, referencesOf } from './references.ts';
import { checkRemote } from './remote-host.ts';

const nothing: KustomizationReferences = { resources: [], files: [], wholeFolder: false, everything: false };

/** Finds the files that a kustomize build reads. Remembers, by blob id, what kustomization files refer to. */
export interface KustomizeTracer {
  /** Records the inputs. Returns whether everything that is read is known from them. */
  trace(
    inputs: InputRecorder,
    folder: string,
    more: { options: ApplicationSourceKustomize; buildOptions: readonly string[] },
  ): Promise<{ complete: boolean }>;
}

interface Trace {
  inputs: InputRecorder;
  /** Files of other folders may be read: plugins then see the whole repository. */
  unrestricted: boolean;
  seen: Set<string>;
  complete: boolean;
}

/** What the Application's options add to the kustomization of its folder. */
function optionReferences(options: ApplicationSourceKustomize): KustomizationReferences {
  const resources = options.components ?? [];
  const files = (options.patches ?? []).flatMap(({ path }) => (path ? [path] : []));
  return { resources, files, wholeFolder: false, everything: [...resources, ...files].some(isRemote) };
}

function refusal(folder: string, reference: string, cause?: unknown): PlumblineError {
  const message = `kustomization of ${displayPath(folder)}: "${reference}" is outside the repository`;
  return new PlumblineError('RENDER_PATH_OUTSIDE', message, { cause, hint: 'refer to files of the same repository' });
}

/** Paths of this machine, which kustomize would open or clone. */
function refuseLocal(folder: string, reference: string): void {
  if (reference.startsWith('/') || /(^|:)file:/i.test(reference)) throw refusal(folder, reference);
}

async function lookUp(trace: Trace, folder: string, reference: string, open: boolean): Promise<Found | null> {
  refuseLocal(folder, reference);
  try {
    return await (open ? trace.inputs.open(folder, reference) : trace.inputs.look(folder, reference));
  } catch (error) {
    if (hasCode(error, 'RENDER_PATH_OUTSIDE')) throw refusal(folder, reference, error);
    throw error;
  }
}

/** @param limit kustomization files remembered. */
export function createKustomizeTracer(limit = 10_000): KustomizeTracer {
  const known = boundedMap<string, KustomizationReferences>(limit);

  const read = async (inputs: InputRecorder, file: Found): Promise<KustomizationReferences> => {
    const remembered = known.get(file.oid);
    if (remembered) return remembered;
    const kustomization = parseKustomization(await inputs.view.text(file.oid), file.path);
    const references = kustomization ? referencesOf(kustomization) : nothing;
    known.set(file.oid, references);
    return references;
  };

  const follow = async (trace: Trace, folder: Found, references: KustomizationReferences): Promise<void> => {
    if (references.everything || (references.wholeFolder && trace.unrestricted)) {
      trace.inputs.addEverything();
      trace.complete &&= !references.everything;
    } else if (references.wholeFolder) {
      await trace.inputs.look('', folder.path);
    }
    for (const reference of references.files) {
      if (hasHost(reference)) await checkRemote(displayPath(folder.path), reference);
      else await lookUp(trace, folder.path, reference, false);
    }
    for (const reference of references.resources) {
      refuseLocal(folder.path, reference);
      if (hasHost(reference)) {
        await checkRemote(displayPath(folder.path), reference);
        continue;
      }
      const found = await lookUp(trace, folder.path, reference, true);
      if (found?.kind === 'tree') await visit(trace, found);
    }
  };

  const visit = async (trace: Trace, folder: Found): Promise<void> => {
    if (trace.seen.has(folder.path)) return;
    trace.seen.add(folder.path);
    let isKustomization = false;
    for (const name of kustomizationNames) {
      const file = await trace.inputs.look('', joinPath(folder.path, name));
      if (file?.kind !== 'blob') continue;
      isKustomization = true;
      await follow(trace, folder, await read(trace.inputs, file));
    }
    // So that kustomize finds the folder and can say what is missing in it.
    if (!isKustomization) await trace.inputs.look('', folder.path);
  };

  return {
    async trace(inputs, path, { options, buildOptions }) {
      const unrestricted = buildOptions.some((option) => option.includes('LoadRestrictionsNone'));
      const trace: Trace = { inputs, unrestricted, seen: new Set(), complete: true };
      const folder: Found = { path, kind: 'tree', oid: '', links: [] };
      await visit(trace, folder);
      await follow(trace, folder, optionReferences(options));
      return { complete: trace.complete };
    },
  };
}
