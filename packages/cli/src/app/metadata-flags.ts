import type { Command } from 'commander';
import { collect } from '../arguments.ts';

/** Adds the flags about an Application's metadata. */
export const metadataFlags = (command: Command): Command =>
  command
    .option('-l, --label <name=value>', 'label of the application; may be repeated', collect)
    .option('--annotations <name=value>', 'annotation of the application; may be repeated', collect)
    .option('--name <name>', 'the same as the argument')
    .option('--set-finalizer', 'deleting the application deletes its resources, too');
