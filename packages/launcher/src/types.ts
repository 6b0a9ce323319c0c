/** A program to run to its end, without a shell and with nothing on its standard input. */
export interface ProgramRun {
  program: string;
  args: readonly string[];
  cwd?: string | undefined;
  /** Everything that it sees of the environment. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** From SIGTERM, which it is sent where it must end early, to SIGKILL; 0 sends SIGKILL at once. */
  graceMs: number;
  /** More output than this ends it. */
  maxStdoutBytes: number;
  /** Only the beginning is kept. */
  maxStderrBytes: number;
}

/** How a program ended. */
export interface ProgramOutcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: Buffer;
  /** Why it was made to end. */
  stopped: 'timeout' | 'abort' | 'output' | undefined;
}

/** What the launching process is asked. */
export type LauncherRequest = { id: number; run: ProgramRun } | { id: number; abort: true };

/** What it answers: the process group that it started, then how that ended or why it could not start. */
export type LauncherAnswer =
  | { id: number; started: number }
  | { id: number; outcome: ProgramOutcome }
  | { id: number; failure: { message: string; code: string | undefined } };
