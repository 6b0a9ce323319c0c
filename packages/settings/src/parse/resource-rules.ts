import { type ActionRule, type CelCase, type HealthRule, healthOrder } from '@plumbline/health';
import { z } from 'zod';
import { checkedYaml } from './checked-yaml.ts';
import { type LegacyCustomization, legacyKey } from './legacy-customizations.ts';
import { parseActions } from './resource-actions.ts';
import type { ValueReader } from './value-reader.ts';
import { invalid, parseFlag } from './values.ts';

const prefix = 'resource.customizations.';
const celPrefix = 'plumbline.dev.health.';

const celCases: z.ZodType<CelCase[]> = z.array(
  z.strictObject({
    when: z.string().optional(),
    status: z.enum(healthOrder),
    message: z.string().optional(),
    messageExpression: z.string().optional(),
  }),
);

/** `apps_Deployment` as `apps/Deployment`, `ConfigMap` as it is. */
function patternOf(name: string): string {
  const parts = name.split('_');
  if (parts.length > 2 || parts.includes('')) throw invalid('expected a key that ends in <group>_<Kind> or <Kind>');
  return parts.join('/');
}

interface NamedValue<T> {
  key: string;
  /** The key without what is common to all of its sort. */
  name: string;
  pattern: string;
  value: T;
}

/** Every value below a prefix, with the pattern that its key names. A key of no kind is a problem, and left out. */
function valuesBelow<T>(reader: ValueReader, start: string, parse: (text: string) => T): NamedValue<T>[] {
  const keys = reader.keys().filter((key) => key.startsWith(start));
  return keys.flatMap((key) => {
    const name = key.slice(start.length);
    const read = reader.read<{ pattern: string; value: T } | undefined>(key, undefined, (text) => ({
      pattern: patternOf(name),
      value: parse(text),
    }));
    return read ? [{ key, name, ...read }] : [];
  });
}

/** Users' rules for kinds (reference §10.1), from argocd-cm. */
export function readResourceRules(
  reader: ValueReader,
  legacy: readonly LegacyCustomization[],
): { healthRules: HealthRule[]; actionRules: ActionRule[] } {
  const open = new Set(
    valuesBelow(reader, `${prefix}useOpenLibs.`, parseFlag).flatMap(({ name, value }) => (value ? [name] : [])),
  );
  return {
    healthRules: [...healthRules(reader, open), ...legacy.flatMap(legacyHealth), ...celRules(reader)],
    actionRules: [...actionRules(reader, open), ...legacy.flatMap(legacyActions)],
  };
}

function healthRules(reader: ValueReader, open: ReadonlySet<string>): HealthRule[] {
  const scripts = valuesBelow(reader, `${prefix}health.`, (text) => text).filter(({ value }) => value.trim() !== '');
  return scripts.map(({ key, name, pattern, value: script }) => {
    return { language: 'lua', key, pattern, script, openLibraries: open.has(name) };
  });
}

function celRules(reader: ValueReader): HealthRule[] {
  return valuesBelow(reader, celPrefix, (text) => checkedYaml(celCases, text)).map(({ key, pattern, value: cases }) => {
    return { language: 'cel', key, pattern, cases };
  });
}

function actionRules(reader: ValueReader, open: ReadonlySet<string>): ActionRule[] {
  return valuesBelow(reader, `${prefix}actions.`, parseActions).map(({ key, name, pattern, value }) => {
    return { key, pattern, ...value, openLibraries: open.has(name) };
  });
}

function legacyHealth({ pattern, health: script, openLibraries }: LegacyCustomization): HealthRule[] {
  return script.trim() ? [{ language: 'lua', key: legacyKey, pattern, script, openLibraries }] : [];
}

function legacyActions({ pattern, openLibraries, actions }: LegacyCustomization): ActionRule[] {
  return actions ? [{ key: legacyKey, pattern, openLibraries, ...actions }] : [];
}
