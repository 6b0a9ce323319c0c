import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder } from '../folders.ts';
import { fullName } from '../plugin/plugin-description.ts';
import type { SourceHeader } from '../plugin/wire.ts';
import { createSlots } from '../slots.ts';
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
  /** `init`, then `generate`: its output. */
  generate(source: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer>;
}

type Run = (name: string, words: CommandWords) => Promise<Buffer>;

async function forceRemove(folder: string): Promise<void> {
  await removeFolder(folder).catch(() => rm(folder, { recursive: true, force: true }));
}

export function createPluginRuns(options: PluginRunOptions): PluginRuns {
  const { config, limits } = options;
  const slots = createSlots(options.parallel);
  const name = `plugin ${fullName(config.description)}`;

  const runner = (folder: string, header: SourceHeader, signal: AbortSignal): Run => {
    const root = join(folder, 'repository');
    const env = { ...options.environment, ...header.environment, TMPDIR: join(folder, 'tmp') };
    const readable = (text: string) => text.replaceAll(`${root}/`, '').replaceAll(root, '.');
    return (step, words) =>
      runCommand({ words, what: `${name}: ${step}`, cwd: join(root, header.path), env, limits, signal, readable });
  };

  /** Gives the source a folder of its own, and removes it with all that was written there. */
  const withSource = <Result>(
    source: AsyncIterable<Buffer>,
    signal: AbortSignal,
    work: (run: Run) => Promise<Result>,
  ): Promise<Result> =>
    slots.run(async () => {
      const folder = await mkdtemp(join(options.workFolder, 'run-'));
      try {
        const root = join(folder, 'repository');
        for (const path of [root, join(folder, 'tmp')]) await mkdir(path);
        const header = await receiveSource(source, root, { ...limits, keepModes: config.preserveFileMode });
        return await work(runner(folder, header, signal));
      } finally {
        await forceRemove(folder);
      }
    }, signal);

  return {
    matches: (source, signal) =>
      withSource(source, signal, async (run) => {
        if (!config.discover) return false;
        return (await run('discover', config.discover)).toString('utf8').trim() !== '';
      }),
    generate: (source, signal) =>
      withSource(source, signal, async (run) => {
        if (config.init) await run('init', config.init);
        return run('generate', config.generate);
      }),
  };
}
