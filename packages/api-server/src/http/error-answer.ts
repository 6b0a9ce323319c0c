import { PlumblineError } from '@plumbline/errors';
import { type ErrorBody, errorBody, type GrpcCode, grpcCodes } from '@plumbline/protocol';
import { ZodError } from 'zod';
import { apiFailureCode } from './api-failure.ts';

/** Kubernetes' refusals as gRPC codes (reference §8.1). Its "unauthorized" is our own credentials, not the caller's. */
const kubernetesCodes: Record<string, GrpcCode> = {
  KUBE_NOT_FOUND: 'NotFound',
  KUBE_CONFLICT: 'Aborted',
  KUBE_ALREADY_EXISTS: 'AlreadyExists',
  KUBE_FORBIDDEN: 'PermissionDenied',
  KUBE_INVALID: 'InvalidArgument',
  KUBE_UNAUTHORIZED: 'Internal',
  KUBE_GONE: 'OutOfRange',
  KUBE_TOO_MANY_REQUESTS: 'ResourceExhausted',
  KUBE_UNAVAILABLE: 'Unavailable',
  KUBE_NO_SUCH_KIND: 'FailedPrecondition',
};

const ofSources = /^(GIT|RENDER|CHART|DOWNLOAD)_|^MANIFEST/;

/** Whether it is what repositories, registries or what they hold are refused for. */
export const isOfSources = ({ code }: PlumblineError): boolean => ofSources.test(code);

function codeOf(error: PlumblineError): GrpcCode {
  const own = apiFailureCode(error) ?? kubernetesCodes[error.code];
  if (own) return own;
  if (error.code === 'INSPECT_NOT_FOUND') return 'NotFound';
  if (error.code === 'INVALID_SPEC' || error.code.startsWith('ACTION_')) return 'InvalidArgument';
  if (error.code.endsWith('_TIMEOUT')) return 'DeadlineExceeded';
  // What the source of an Application does wrong is the caller's to mend; all else is ours.
  if (isOfSources(error) && error.retry === 'terminal') return 'InvalidArgument';
  return error.retry === 'terminal' ? 'Internal' : 'Unavailable';
}

/** `spec.source.repoURL: Invalid input…` for each issue. */
function zodMessage(error: ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ');
}

/** HTTP errors of express and its body reader carry a status and whether their text may be shown. */
function httpError(error: unknown): { status: number; message: string } | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? { status: error.status, message: error.message } : undefined;
}

/**
 * Status and body for any thrown value. Stacks never leave; an unknown error says only that it was internal, because its
 * text was not written for a caller.
 */
export function errorAnswer(error: unknown): { status: number; body: ErrorBody } {
  const answer = (code: GrpcCode, message: string) => ({
    status: grpcCodes[code].status,
    body: errorBody(code, message),
  });
  if (error instanceof PlumblineError) return answer(codeOf(error), error.full);
  if (error instanceof ZodError) return answer('InvalidArgument', zodMessage(error));
  const http = httpError(error);
  if (http?.status === 413)
    return { status: 413, body: errorBody('ResourceExhausted', 'the request body is too large') };
  if (http) return answer('InvalidArgument', http.message);
  return answer('Internal', 'internal error: see the log of the API server');
}
