import { readDocuments, YamlProblem } from './yaml.ts';

const anchor = /(^|[\s,:[{-])&[^\s,[\]{}]/;
const alias = /(^|[\s,:[{-])\*[^\s,[\]{}]/;

/**
 * Why a text must not be given to a program that writes out YAML aliases: its aliases make it too large. Undefined for
 * every other text, YAML or not. Costs a search where the text has no aliases.
 */
export function aliasBomb(text: string): string | undefined {
  if (!anchor.test(text) || !alias.test(text)) return undefined;
  try {
    readDocuments(text, true);
    return undefined;
  } catch (error) {
    if (!(error instanceof YamlProblem)) return undefined;
    return error.reason.startsWith('aliases write') ? error.reason : undefined;
  }
}
