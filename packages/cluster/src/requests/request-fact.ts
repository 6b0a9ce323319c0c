/** One request to a Kubernetes API server, answered or not. */
export interface RequestFact {
  /** URL of the API server. */
  server: string;
  /** `get`, `list`, `watch`, `apply`, `patch`, … */
  verb: string;
  method: string;
  /** With query. */
  path: string;
  /** 0 = no answer. */
  status: number;
  seconds: number;
  /** Lengths of the bodies; 0 for what is streamed. */
  requestBytes: number;
  responseBytes: number;
  /** Sent again after an attempt that failed. */
  again: boolean;
}
