#!/usr/bin/env -S node --max-semi-space-size=8
// JavaScript, so that Node need not load its TypeScript stripper (30 MB) before the compile cache is on. The flag bounds
// the young generation: without it a busy engine keeps 100 MB of garbage.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('../src/main.ts');
