import { z } from 'zod';

/** gRPC codes and the HTTP status each is answered with (reference §8.1): Argo CD's clients look at both. */
export const grpcCodes = {
  Canceled: { code: 1, status: 408 },
  Unknown: { code: 2, status: 500 },
  InvalidArgument: { code: 3, status: 400 },
  DeadlineExceeded: { code: 4, status: 504 },
  NotFound: { code: 5, status: 404 },
  AlreadyExists: { code: 6, status: 409 },
  PermissionDenied: { code: 7, status: 403 },
  ResourceExhausted: { code: 8, status: 429 },
  FailedPrecondition: { code: 9, status: 400 },
  Aborted: { code: 10, status: 409 },
  OutOfRange: { code: 11, status: 400 },
  Unimplemented: { code: 12, status: 501 },
  Internal: { code: 13, status: 500 },
  Unavailable: { code: 14, status: 503 },
  DataLoss: { code: 15, status: 500 },
  Unauthenticated: { code: 16, status: 401 },
} as const;

/** Name of a gRPC code, for example `NotFound`. */
export type GrpcCode = keyof typeof grpcCodes;

/** Body of every answer with a status ≥ 400. `error` repeats `message`; `code` is the gRPC number. */
export const errorBodySchema = z.object({
  error: z.string(),
  code: z.number().int(),
  message: z.string(),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The body for a code and a message. */
export function errorBody(name: GrpcCode, message: string): ErrorBody {
  return { error: message, code: grpcCodes[name].code, message };
}

/** The HTTP status of a gRPC number; 500 for an unknown one. */
export function httpStatusOf(code: number): number {
  return Object.values(grpcCodes).find((entry) => entry.code === code)?.status ?? 500;
}
