/** A policy that cannot be read. */
export class PolicyError extends Error {
  /** In the file, from 1; undefined for a single line. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'PolicyError';
    this.line = line;
  }
}
