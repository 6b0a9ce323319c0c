import { parseDuration } from '@plumbline/apis/duration';
import { PlumblineError } from '@plumbline/errors';
import type { SourceLimits } from './receive-source.ts';
import type { CommandLimits } from './run-command.ts';

const MiB = 1024 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

function invalid(name: string, value: string, expected: string): PlumblineError {
  return new PlumblineError('PLUGIN_CONFIG', `${name} is "${value}", not ${expected}`);
}

function duration(environment: Environment, name: string, ifAbsent: number): number {
  const value = environment[name];
  if (!value) return ifAbsent;
  try {
    return parseDuration(value);
  } catch {
    throw invalid(name, value, 'a duration such as 90s');
  }
}

function bytes(environment: Environment, name: string, ifAbsent: number): number {
  const value = environment[name];
  if (!value) return ifAbsent;
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw invalid(name, value, 'a number of bytes');
}

/**
 * `ARGOCD_EXEC_TIMEOUT` 90 s, `ARGOCD_EXEC_FATAL_TIMEOUT` 10 s (reference §7.5), `PLUMB_PLUGIN_MAX_BYTES` 1 GiB of source
 * (§7.9), 100 MiB of output. Throws `PLUGIN_CONFIG`.
 */
export function readPluginServerLimits(environment: Environment): SourceLimits & CommandLimits {
  return {
    timeoutMs: duration(environment, 'ARGOCD_EXEC_TIMEOUT', 90_000),
    fatalTimeoutMs: duration(environment, 'ARGOCD_EXEC_FATAL_TIMEOUT', 10_000),
    maxBytes: bytes(environment, 'PLUMB_PLUGIN_MAX_BYTES', 1024 * MiB),
    maxOutputBytes: 100 * MiB,
    maxEntries: 500_000,
  };
}
