import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import type { Borrowed } from '@plumbline/git/lend-access';
import { z } from 'zod';
import { removeFolder } from '../folders.ts';
import { type ParameterAnnouncement, parameterAnnouncementSchema } from '../plugin/parameter-announcement.ts';
import { fullName } from '../plugin/plugin-description.ts';
import type { SourceHeader } from '../plugin/wire.ts';
import { createSlots } from '../slots.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { CommandWords, PluginConfig } from './plugin-config.ts';
import { receiveSource, type SourceLimits } from './receive-source.ts';
import { type CommandLimits, runCommand } from './run-command.ts';

export interface PluginRunOptions {
  config: PluginConfig;
  /** Private copies are made below it. */
  workFolder: string;
  /** Of the container: what the operator gives to the commands. */
  environment: Readonly<Record<string, string | undefined>>;
  limits: SourceLimits & CommandLimits;
  /** Sources worked on at one time; others wait. */
  parallel: number;
}

/** What a plugin server does with a source. */
export interface PluginRuns {
  /** Whether `discover.find.command` prints anything in the source's folder. */
  matches(source: AsyncIterable<Buffer>, signal: AbortSignal): Promise<boolean>;
  /** What `parameters.dynamic` prints in the source's folder, then `parameters.static`. */
  parameters(source: AsyncIterable<Buffer>, signal: AbortSignal): Promise<ParameterAnnouncement[]>;
  /** `init`, then `generate`: its output. */
  generate(source: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer>;
}

const announcements = z.array(parameterAnnouncementSchema);

type Run = (name: string, words: CommandWords) => Promise<Buffer>;

/** A source that lies in a folder of its own. */
interface Received {
  folder: string;
  header: SourceHeader;
}

async function forceRemove(folder: string): Promise<void> {
  await removeFolder(folder).catch(() => rm(folder, { recursive: true, force: true }));
}

/** Gives the source a folder of its own, and removes it with all that was written there. */
async function withSource<Result>(
  { config, workFolder, limits }: PluginRunOptions,
  source: AsyncIterable<Buffer>,
  work: (received: Received) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(workFolder, 'run-'));
  try {
    const root = join(folder, 'repository');
    for (const path of [root, join(folder, 'tmp')]) await mkdir(path);
    const header = await receiveSource(source, root, { ...limits, keepModes: config.preserveFileMode });
    return await work({ folder, header });
  } finally {
    await forceRemove(folder);
  }
}

function runner(
  { config, environment, limits }: PluginRunOptions,
  { folder, header }: Received,
  { signal, borrowed }: { signal: AbortSignal; borrowed?: Borrowed | undefined },
): Run {
  const name = `plugin ${fullName(config.description)}`;
  const root = join(folder, 'repository');
  const env = { ...environment, ...header.environment, ...borrowed?.environment, TMPDIR: join(folder, 'tmp') };
  const readable = (text: string) => hideSecrets(text.replaceAll(`${root}/`, '').replaceAll(root, '.'), header.access);
  return (step, words) =>
    runCommand({ words, what: `${name}: ${step}`, cwd: join(root, header.path), env, limits, signal, readable });
}

/** Apart from the source's folder, under a name that no path in the repository can know. */
async function lend(options: PluginRunOptions, { access, environment }: SourceHeader): Promise<Borrowed | undefined> {
  if (!access || !options.config.description.credentials) return undefined;
  const folder = join(options.workFolder, randomBytes(12).toString('hex'));
  // Loaded when a plugin wants it: a sidecar that lends nothing stays small.
  const { lendAccess } = await import('@plumbline/git/lend-access');
  return lendAccess(access, folder, { ...options.environment, ...environment });
}

function parseAnnouncements(printed: Buffer, what: string): ParameterAnnouncement[] {
  const problem = (text: string, cause: unknown) =>
    new PlumblineError('RENDER_FAILED', `${what} (spec.parameters.dynamic): ${text}`, {
      hint: 'it prints a list of announcements as JSON, and all else to standard error',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(printed.toString('utf8'));
  } catch (error) {
    throw problem(`printed no JSON: ${errorMessage(error)}`, error);
  }
  const parsed = announcements.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw problem(`printed what is no announcement: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, parsed.error);
}

export function createPluginRuns(options: PluginRunOptions): PluginRuns {
  const { config } = options;
  const slots = createSlots(options.parallel);

  const generate = async (received: Received, signal: AbortSignal): Promise<Buffer> => {
    await using borrowed = await lend(options, received.header);
    const run = runner(options, received, { signal, borrowed });
    if (config.init) await run('init', config.init);
    // Awaited here: what is lent is taken back when this function ends.
    return await run('generate', config.generate);
  };

  const matches = async (received: Received, signal: AbortSignal): Promise<boolean> => {
    if (!config.discover) return false;
    return (await runner(options, received, { signal })('discover', config.discover)).toString('utf8').trim() !== '';
  };

  const parameters = async (received: Received, signal: AbortSignal): Promise<ParameterAnnouncement[]> => {
    const { dynamic, static: always } = config.parameters;
    if (!dynamic) return [...always];
    const printed = await runner(options, received, { signal })('parameters', dynamic);
    return [...parseAnnouncements(printed, `plugin ${fullName(config.description)}: parameters`), ...always];
  };

  const slotted = <Result>(
    source: AsyncIterable<Buffer>,
    signal: AbortSignal,
    work: (received: Received, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> => slots.run(() => withSource(options, source, (received) => work(received, signal)), signal);

  return {
    matches: (source, signal) => slotted(source, signal, matches),
    parameters: (source, signal) => slotted(source, signal, parameters),
    generate: (source, signal) => slotted(source, signal, generate),
  };
}
