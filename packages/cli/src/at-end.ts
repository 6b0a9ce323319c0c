const closers: (() => Promise<void>)[] = [];

/** What a command opened for its own time; it is closed when the command ends. */
export function atEnd(close: () => Promise<void>): void {
  closers.push(close);
}

/** Closes everything that {@link atEnd} was told of, the newest first. The command has said how it ended: nothing here changes that. */
export async function endAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
}
