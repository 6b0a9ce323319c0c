import { enableCompileCache } from 'node:module';

// Before the first import that matters: it halves the start of every command.
enableCompileCache();
// Whoever reads has seen enough, as `plumb … | head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const { runCli } = await import('./run.ts');
process.exitCode = await runCli(process.argv.slice(2));
// Output is written by then; what a failed command left open must not keep the process from ending.
setTimeout(() => process.exit(), 2_000).unref();
