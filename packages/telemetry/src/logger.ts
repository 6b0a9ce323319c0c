import { errorMessage, PlumblineError, redact } from '@plumbline/errors';
import { destination, type LevelWithSilent, pino } from 'pino';

/** Named values of one log line, for example `{application, revision, reconcileId}`. */
export type LogFields = Record<string, unknown>;

/** Constant message, varying fields. `error` is a field: `{error}` is rendered with its code, and redacted. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds the fields to every line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  /** The component's name, in every line. */
  service: string;
  /** Default `info`. */
  level?: string;
  /** A file path; default standard error. */
  file?: string;
}

function cleanFields(fields: LogFields | undefined): LogFields {
  if (!fields) return {};
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (value instanceof PlumblineError) return [key, { code: value.code, message: value.full }];
      if (value instanceof Error) return [key, { message: errorMessage(value), stack: redact(value.stack ?? '') }];
      return [key, typeof value === 'string' ? redact(value) : value];
    }),
  );
}

function wrap(target: ReturnType<typeof pino>): Logger {
  return {
    debug: (message, fields) => target.isLevelEnabled('debug') && target.debug(cleanFields(fields), message),
    info: (message, fields) => target.info(cleanFields(fields), message),
    warn: (message, fields) => target.warn(cleanFields(fields), message),
    error: (message, fields) => target.error(cleanFields(fields), message),
    child: (fields) => wrap(target.child(cleanFields(fields))),
  };
}

/** Bytes that wait for room on a full disk; what comes then is dropped. */
const waitingBytes = 1 << 20;

/**
 * Written at once: at the end of the process there is nothing left to flush, which would try for ever on a full disk.
 * A failure is told once on standard error; the lines go on where there is room again.
 */
function fileDestination(file: string): ReturnType<typeof destination> {
  const out = destination({ dest: file, sync: true, mkdir: true, maxLength: waitingBytes });
  let told = false;
  out.on('error', (error: Error) => {
    if (!told) process.stderr.write(`the log file ${file} cannot be written: ${error.message}\n`);
    told = true;
  });
  return out;
}

/** JSON lines by pino on standard error or into a file. Throws where the file cannot be opened. */
export function createLogger(options: LoggerOptions): Logger {
  const level = (options.level ?? 'info') as LevelWithSilent;
  const out = options.file ? fileDestination(options.file) : destination({ dest: 2, sync: false });
  return wrap(pino({ level, base: { service: options.service }, timestamp: pino.stdTimeFunctions.isoTime }, out));
}

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
