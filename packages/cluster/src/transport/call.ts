/** One call to the API server. */
export interface Call {
  /** What it counts as. */
  verb: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With query. */
  path: string;
  body?: string | undefined;
  contentType?: string;
  accept?: string;
  ifNoneMatch?: string | undefined;
  /** User to act as. */
  impersonate?: string | undefined;
  signal?: AbortSignal | undefined;
  /** `idempotent`: sent again after 5xx and connection errors; `refused`: only where it never began; `never`. */
  retry: 'idempotent' | 'refused' | 'never';
}

export function headersOf(call: Call, authorization: string | undefined): Record<string, string> {
  return {
    'user-agent': 'plumbline',
    accept: call.accept ?? 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
    ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
    ...(call.ifNoneMatch === undefined ? {} : { 'if-none-match': call.ifNoneMatch }),
    ...(call.impersonate === undefined ? {} : { 'impersonate-user': call.impersonate }),
  };
}
