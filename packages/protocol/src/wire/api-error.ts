import { errorBodySchema } from './error-body.ts';

/** A refused or failed request. */
export class ApiError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** gRPC number (reference §8.1). */
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** The error that an answer with a status ≥ 400 carries. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const body = errorBodySchema.parse(JSON.parse(text));
    return new ApiError(response.status, body.code, body.message);
  } catch {
    const reason = text.trim().slice(0, 300) || response.statusText || 'no further information';
    return new ApiError(response.status, 2, `the server answered ${response.status}: ${reason}`);
  }
}
