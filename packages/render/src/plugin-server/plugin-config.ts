import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';
import { z } from 'zod';
import { canonicalJson } from '../digest.ts';
import { type ParameterAnnouncement, parameterAnnouncementSchema } from '../plugin/parameter-announcement.ts';
import type { PluginDescription, PluginDiscovery } from '../plugin/plugin-description.ts';

/** On the ConfigManagementPlugin: `source` where its commands read nothing but the source's folder. */
const inputsAnnotation = 'plumbline.dev/inputs';

const words = z.array(z.string());
const command = z.object({ command: words.min(1, 'is empty'), args: words.nullish() });
/** A command that may be written as an empty one, which says nothing. */
const optionalCommand = z.object({ command: words.nullish(), args: words.nullish() }).nullish();

/** A name becomes a file name. */
const nameText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'may hold letters, digits, ".", "_" and "-"');

const schema = z.object({
  apiVersion: z.string().optional(),
  kind: z.literal('ConfigManagementPlugin'),
  metadata: z.object({ name: nameText, annotations: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({
    version: z.union([z.literal(''), nameText]).nullish(),
    init: optionalCommand,
    generate: command,
    discover: z
      .object({
        fileName: z.string().nullish(),
        find: z.object({ glob: z.string().nullish(), command: words.nullish(), args: words.nullish() }).nullish(),
      })
      .nullish(),
    parameters: z
      .object({ static: z.array(parameterAnnouncementSchema).nullish(), dynamic: optionalCommand })
      .nullish(),
    preserveFileMode: z.boolean().nullish(),
    provideGitCreds: z.boolean().nullish(),
  }),
});
type PluginFile = z.infer<typeof schema>;

/** Program and arguments, run without a shell. */
export type CommandWords = readonly [program: string, ...args: string[]];

/** A plugin as its file describes it. */
export interface PluginConfig {
  description: PluginDescription;
  init: CommandWords | undefined;
  generate: CommandWords;
  /** `discover.find.command`. */
  discover: CommandWords | undefined;
  /** `parameters`: a command that prints announcements, and those that are always made. */
  parameters: { dynamic: CommandWords | undefined; static: readonly ParameterAnnouncement[] };
  /** Executable files of the repository stay executable. */
  preserveFileMode: boolean;
}

function invalid(file: string, problem: string): PlumblineError {
  return new PlumblineError('PLUGIN_CONFIG', `${file}: ${problem}`, { details: { file } });
}

function commandOf(value: z.infer<typeof optionalCommand>): CommandWords | undefined {
  const [program, ...more] = value?.command ?? [];
  return program === undefined ? undefined : [program, ...more, ...(value?.args ?? [])];
}

function discoveryOf({ spec: { discover } }: PluginFile): PluginDiscovery {
  if (discover?.fileName) return { kind: 'fileName', pattern: discover.fileName };
  if (discover?.find?.glob) return { kind: 'glob', pattern: discover.find.glob };
  return { kind: commandOf(discover?.find) ? 'command' : 'none' };
}

function inputsOf(file: string, { metadata }: PluginFile): PluginDescription['inputs'] {
  const value = metadata.annotations?.[inputsAnnotation] ?? 'repository';
  if (value === 'repository' || value === 'source') return value;
  throw invalid(file, `${inputsAnnotation} is "${value}", not "repository" or "source"`);
}

/**
 * Reads a `ConfigManagementPlugin` (reference §7.5). Throws `PLUGIN_CONFIG` naming the file and the member.
 *
 * @param file for messages.
 */
export function parsePluginConfig(text: string, file: string): PluginConfig {
  const parsed = schema.safeParse(parseYaml(text, { file }));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
    throw invalid(file, problems.join('; '));
  }
  const { metadata, spec } = parsed.data;
  const generate = commandOf(spec.generate);
  if (!generate) throw invalid(file, 'spec.generate.command: is empty');
  return {
    description: {
      name: metadata.name,
      version: spec.version ?? '',
      digest: createHash('sha256').update(canonicalJson(parsed.data)).digest('hex'),
      discovery: discoveryOf(parsed.data),
      inputs: inputsOf(file, parsed.data),
      credentials: spec.provideGitCreds ?? false,
    },
    init: commandOf(spec.init),
    generate,
    discover: commandOf(spec.discover?.find),
    parameters: { dynamic: commandOf(spec.parameters?.dynamic), static: spec.parameters?.static ?? [] },
    preserveFileMode: spec.preserveFileMode ?? false,
  };
}

/** {@link parsePluginConfig} of a file. */
export async function readPluginConfig(file: string): Promise<PluginConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw invalid(file, `cannot be read: ${(error as Error).message}`);
  }
  return parsePluginConfig(text, file);
}
