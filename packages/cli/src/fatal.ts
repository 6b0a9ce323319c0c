/** Exit code of a failed command (reference §14). Usage errors exit with 1. */
export const fatalExit = 20;

/** Ends the command with a message for the user and, where there is one, what to do next. */
export class Fatal extends Error {
  readonly next: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: { next?: string; exitCode?: number } = {}) {
    super(message);
    this.name = 'Fatal';
    this.next = options.next;
    this.exitCode = options.exitCode ?? fatalExit;
  }
}
