import type { IgnoreDifference } from '@plumbline/apis';
import type { ActionRule } from '@plumbline/health';
import { z } from 'zod';
import { checkedYaml } from './checked-yaml.ts';
import { legacyIgnoreRule } from './customizations.ts';
import { type ActionScripts, parseActions } from './resource-actions.ts';
import type { ValueReader } from './value-reader.ts';

/** An entry of the one-map form `resource.customizations` of argocd-cm. */
export interface LegacyCustomization {
  /** As it is written: `<group>/<Kind>`, or `<Kind>` of the core group, with `*`. */
  pattern: string;
  /** Lua; empty where there is none. */
  health: string;
  openLibraries: ActionRule['openLibraries'];
  actions: ActionScripts | undefined;
  ignoreDifferences: IgnoreDifference | undefined;
  ignoreResourceUpdates: IgnoreDifference | undefined;
}

export const legacyKey = 'resource.customizations';

const entries = z
  .record(
    z.string(),
    z.looseObject({
      'health.lua': z.string().nullish(),
      'health.lua.useOpenLibs': z.boolean().nullish(),
      actions: z.string().nullish(),
      ignoreDifferences: z.string().nullish(),
      ignoreResourceUpdates: z.string().nullish(),
    }),
  )
  .nullable();

/** Reads the one-map form, which holds what newer settings keep in a key for each kind (reference §10.1). */
export function readLegacyCustomizations(reader: ValueReader): readonly LegacyCustomization[] {
  return reader.read<LegacyCustomization[]>(legacyKey, [], (text) =>
    Object.entries(checkedYaml(entries, text) ?? {}).map(([pattern, entry]) => ({
      pattern,
      health: entry['health.lua'] ?? '',
      openLibraries: entry['health.lua.useOpenLibs'] ?? false,
      actions: entry.actions ? parseActions(entry.actions) : undefined,
      ignoreDifferences: ruleOf(pattern, entry.ignoreDifferences),
      ignoreResourceUpdates: ruleOf(pattern, entry.ignoreResourceUpdates),
    })),
  );
}

function ruleOf(pattern: string, text: string | null | undefined): IgnoreDifference | undefined {
  return text ? legacyIgnoreRule(pattern, text) : undefined;
}
