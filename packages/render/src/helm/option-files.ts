import { hasCode, PlumblineError } from '@plumbline/errors';
import { substitute } from '../build-environment.ts';
import { type InputRecorder, recordInputs } from '../repository/input-recorder.ts';
import { joinPath, shownPath } from '../repository/paths.ts';
import { type Found, openRepository } from '../repository/repository-view.ts';
import { similarPath } from '../repository/similar-path.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import type { SiblingSource } from '../types.ts';

/** A file that an option of the source names, in its own repository or in that of the source with this `ref`. */
export interface OptionFile {
  path: string;
  from?: string;
}

/** Where the files of one option are looked up. */
export interface Place {
  inputs: InputRecorder;
  /** The chart's folder; '' in another source's repository. */
  folder: string;
  /** What the file is, for error messages. */
  what: 'value file' | 'file parameter';
  /** The other source's `ref`. */
  from?: string;
}

/** Finds files of options, in this source and in those that it refers to, and records what it looks at. */
export interface OptionFiles {
  /**
   * Puts the build environment into an option, and says where its file is. `$name/…` is the root of the source with that
   * `ref` (reference §7.7). Throws `RENDER_INVALID_SOURCE` where there is no such source, or where it is a chart.
   */
  place(option: string, what: Place['what']): Promise<{ place: Place; path: string }>;
  /** Hands what was read in other repositories over to the source's own recorder. */
  finish(): void;
}

/** `$name/…`: the root of another source of the Application. */
const sourceReference = /^\$([A-Za-z0-9_-]+)(?:\/|$)/;

/** An error on a file as its option names it. */
export function fileProblem(
  { what, from }: Place,
  path: string,
  text: string,
  { cause, hint }: { cause?: unknown; hint?: string } = {},
): PlumblineError {
  const name = from === undefined ? path : `$${from}/${path.replace(/^\/+/, '')}`;
  return new PlumblineError('RENDER_FAILED', `${what} ${shownPath(name)} ${text}`, {
    cause,
    details: { path: name },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Where it was looked for, and what may have been meant. */
async function missingHint({ inputs: { view }, folder }: Place, path: string): Promise<string> {
  const asked = joinPath(path.startsWith('/') ? '' : folder, path.replace(/^\/+/, ''));
  // The failure that is being told counts, not one of its hint.
  const similar = await similarPath(view, asked).catch(() => undefined);
  const place = `it was looked for at ${shownPath(asked)} of the repository`;
  return similar === undefined ? place : `${place}, where there is ${shownPath(similar)}`;
}

function badReference(option: string, what: Place['what'], problem: string): PlumblineError {
  return new PlumblineError('RENDER_INVALID_SOURCE', `${what} ${shownPath(option)} ${problem}`, {
    hint: 'sources of one Application refer to each other by ref',
  });
}

export function optionFiles(at: SourceAtRevision, inputs: InputRecorder): OptionFiles {
  const opened = new Map<string, Promise<InputRecorder>>();
  const open = async (sibling: SiblingSource) =>
    recordInputs(await openRepository(await sibling.open(), sibling.revision));
  const recorders = new Map<string, InputRecorder>();

  return {
    async place(option, what) {
      const [reference, name] = sourceReference.exec(option) ?? [];
      const own = { place: { inputs, folder: at.folder.path, what }, path: substitute(option, at.environment) };
      if (reference === undefined || name === undefined) return own;
      const sibling = at.surroundings.refs?.get(name);
      if (!sibling) {
        if (Object.hasOwn(at.environment, name)) return own;
        throw badReference(option, what, `refers to "$${name}", and the Application has no such source`);
      }
      if (sibling.chart) {
        throw badReference(option, what, `refers to "$${name}", which is the chart ${sibling.chart}: only Git can be`);
      }
      const opening = opened.get(name) ?? open(sibling);
      opened.set(name, opening);
      const recorder = await opening;
      recorders.set(name, recorder);
      const path = `/${substitute(option.slice(reference.length), at.environment)}`;
      return { place: { inputs: recorder, folder: '', what, from: name }, path };
    },
    finish() {
      for (const [from, recorder] of recorders) {
        for (const input of recorder.inputs()) inputs.addForeign({ ...input, from });
      }
    },
  };
}

/** The file that an option names: relative to the chart, or with a leading `/` to the root of the repository. */
export async function findFile(place: Place, path: string): Promise<Found | null> {
  const reading = place.what === 'value file' ? 'yaml' : 'bytes';
  try {
    return await place.inputs.open(path.startsWith('/') ? '' : place.folder, path.replace(/^\/+/, ''), reading);
  } catch (error) {
    if (!hasCode(error, 'RENDER_PATH_OUTSIDE')) throw error;
    throw fileProblem(place, path, 'is outside the repository', { cause: error });
  }
}

/** The same, which must be there. Throws `RENDER_FAILED`. */
export async function requireFile(place: Place, path: string): Promise<Found> {
  const found = await findFile(place, path);
  if (found?.kind === 'blob') return found;
  if (found) throw fileProblem(place, path, 'is not a file');
  const hint = await missingHint(place, path);
  throw fileProblem(place, path, `does not exist at revision ${place.inputs.view.revision}`, { hint });
}

/** The file as Helm is to get it. */
export function optionFile({ from }: Place, { path }: Found): OptionFile {
  return from === undefined ? { path } : { path, from };
}
