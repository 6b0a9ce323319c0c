import { redact } from './redact.ts';

/**
 * What the caller may do about a failure: `transient` = the same call may work soon (back off and retry);
 * `waiting` = it works once something else has happened (do not count as a failure); `terminal` = only a change of
 * input helps.
 */
export type RetryClass = 'transient' | 'waiting' | 'terminal';

export interface PlumblineErrorOptions {
  /** Default `terminal`. */
  retry?: RetryClass;
  /** What a person can do about it: one sentence. */
  hint?: string;
  cause?: unknown;
  /** Facts for logs and API answers: file, line, revision, tool. Values are redacted. */
  details?: Record<string, string | number | boolean>;
}

/**
 * An error with a stable code. The message is written for the person who reads the Application's condition: it names
 * the thing that failed and the tool's own words. Message and details are redacted here, once.
 */
export class PlumblineError extends Error {
  readonly code: string;
  readonly retry: RetryClass;
  readonly hint: string | undefined;
  readonly details: Record<string, string | number | boolean>;

  /** @param code upper snake case with the package as prefix, for example `GIT_REVISION_NOT_FOUND`. */
  constructor(code: string, message: string, options: PlumblineErrorOptions = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlumblineError';
    this.code = code;
    this.retry = options.retry ?? 'terminal';
    this.hint = options.hint === undefined ? undefined : redact(options.hint);
    this.details = Object.fromEntries(
      Object.entries(options.details ?? {}).map(([key, value]) => [
        key,
        typeof value === 'string' ? redact(value) : value,
      ]),
    );
  }

  /** The message followed by the hint, as conditions and the CLI show it. */
  get full(): string {
    return this.hint ? `${this.message} (${this.hint})` : this.message;
  }
}

/** A plain value of an error that crosses a process border (queue results). */
export interface SerializedError {
  code: string;
  message: string;
  retry: RetryClass;
  hint?: string;
  details?: Record<string, string | number | boolean>;
}

/** Any thrown value as data; unknown errors become `INTERNAL`, transient. Stack and cause stay behind. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof PlumblineError) {
    const { code, message, retry, hint, details } = error;
    return { code, message, retry, ...(hint ? { hint } : {}), ...(Object.keys(details).length > 0 ? { details } : {}) };
  }
  return { code: 'INTERNAL', message: redact(errorMessage(error)), retry: 'transient' };
}

/** The inverse of {@link serializeError}. */
export function deserializeError(value: SerializedError): PlumblineError {
  const { code, message, ...options } = value;
  return new PlumblineError(code, message, options);
}

/** The text of any thrown value, redacted, with the hint where there is one. */
export function errorMessage(error: unknown): string {
  if (error instanceof PlumblineError) return error.full;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(errorMessage).join('; ');
  if (error instanceof Error) return redact(error.message || error.name);
  return redact(String(error));
}

/** Whether the error carries the code. */
export function hasCode(error: unknown, code: string): error is PlumblineError {
  return error instanceof PlumblineError && error.code === code;
}

/** The retry class of any thrown value: unknown errors are transient. */
export function retryClass(error: unknown): RetryClass {
  return error instanceof PlumblineError ? error.retry : 'transient';
}
