import { describeMirror } from '../test-support/contract.ts';

for (const backend of ['native', 'isomorphic'] as const) {
  for (const transport of ['file', 'http'] as const) describeMirror({ backend, transport });
}
