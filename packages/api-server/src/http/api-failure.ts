import { PlumblineError } from '@plumbline/errors';
import { type GrpcCode, grpcCodes } from '@plumbline/protocol';

const prefix = 'API_';

/** A refusal with a gRPC code of its own (reference §8.1): `apiFailure('NotFound', …)` is answered 404. */
export function apiFailure(code: GrpcCode, message: string, cause?: unknown): PlumblineError {
  return new PlumblineError(prefix + code, message, cause === undefined ? {} : { cause });
}

/** The gRPC code of an {@link apiFailure}; undefined for any other error. */
export function apiFailureCode(error: PlumblineError): GrpcCode | undefined {
  const name = error.code.startsWith(prefix) ? error.code.slice(prefix.length) : '';
  return Object.hasOwn(grpcCodes, name) ? (name as GrpcCode) : undefined;
}
