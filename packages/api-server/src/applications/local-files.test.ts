import { createHash } from 'node:crypto';
import { localFilesSchema } from '@plumbline/protocol';
import { expect, it } from 'vitest';
import { archiveOf } from './local-files.ts';

const bytes = Buffer.from('an archive');
const checksum = createHash('sha256').update(bytes).digest('hex');
const chunks = [bytes.subarray(0, 3), bytes.subarray(3)].map((part) => ({ chunk: { chunk: part.toString('base64') } }));
const sent = (said: string | null) => localFilesSchema.parse([{ query: { name: 'a', checksum: said } }, ...chunks]);

it('puts the pieces together and checks them', () => {
  expect(archiveOf(sent(checksum.toUpperCase()))).toEqual({ archive: bytes, checksum });
  expect(archiveOf(sent(null)).checksum).toBe(checksum);
});

it('refuses other files than those that were meant, and none', () => {
  expect(() => archiveOf(sent('00'))).toThrow('checksum');
  expect(() => archiveOf([{ query: { name: 'a', appNamespace: undefined } }])).toThrow('no files');
});
