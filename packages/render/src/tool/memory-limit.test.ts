import { expect, it, vi } from 'vitest';
import { ranOutOfMemory } from './memory-limit.ts';

it.each([
  ['the heap cannot grow', 'runtime: out of memory: cannot allocate 4194304-byte block', true],
  ['the runtime says it plainly', 'fatal error: runtime: out of memory', true],
  ['its own tables cannot grow', 'fatal error: out of memory allocating heap arena metadata', true],
  ['a mapping is refused', 'fatal error: runtime: cannot allocate memory', true],
  ['a thread gets no stack', 'runtime/cgo: pthread_create failed: Resource temporarily unavailable', true],
  ['a child cannot be started', 'Error: fork/exec ./plugin: cannot allocate memory', true],
  [
    'the collector crashes',
    'SIGSEGV: segmentation violation\nPC=0x1 m=7\n\ngoroutine 0 gp=0x2 m=7 [idle]:\nruntime.x()',
    true,
  ],
  [
    'the program itself has a mistake',
    'panic: runtime error: invalid memory address\n[signal SIGSEGV]\ngoroutine 1 [running]:',
    false,
  ],
  ['a chart complains of memory', 'Error: values.memory is out of range', false],
])('knows by the words of a tool that %s', (_case, stderr, expected) => {
  expect(ranOutOfMemory(stderr)).toBe(expected);
});

it('says where the system cannot limit memory, and leaves commands as they are', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  vi.resetModules();
  try {
    const { canLimitMemory, withMemoryLimit } = await import('./memory-limit.ts');
    expect(canLimitMemory()).toBe(false);
    const command = { program: 'helm', args: ['version'] };
    expect(withMemoryLimit(command, 1)).toEqual(command);
  } finally {
    vi.unstubAllEnvs();
    vi.resetModules();
  }
});
