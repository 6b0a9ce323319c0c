export {
  deserializeError,
  errorMessage,
  hasCode,
  PlumblineError,
  type PlumblineErrorOptions,
  type RetryClass,
  retryClass,
  type SerializedError,
  serializeError,
} from './plumbline-error.ts';
export { redact } from './redact.ts';
