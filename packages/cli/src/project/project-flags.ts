import type { Command } from 'commander';
import { collect, collectList, onOff } from '../arguments.ts';

/** Adds the flags that say what a project permits (reference §14). */
export const projectFlags = (command: Command): Command =>
  command
    .option('--description <text>', 'for people')
    .option('-s, --src <url>', 'allowed repository; may be repeated', collect)
    .option('-d, --dest <server,namespace>', 'allowed destination; may be repeated', collect)
    .option('--dest-service-accounts <server,namespace,account>', 'account to act as there; may be repeated', collect)
    .option('--source-namespaces <name>', 'namespace that applications may live in; may be repeated', collectList)
    .option('--allow-cluster-resource <group/kind>', 'allowed cluster-scoped kind; may be repeated', collect)
    .option('--deny-cluster-resource <group/kind>', 'forbidden cluster-scoped kind; may be repeated', collect)
    .option('--allow-namespaced-resource <group/kind>', 'allowed namespaced kind; may be repeated', collect)
    .option('--deny-namespaced-resource <group/kind>', 'forbidden namespaced kind; may be repeated', collect)
    .option('--signature-keys <id>', 'key that commits must be signed with; may be repeated', collectList)
    .option('--orphaned-resources [on]', 'watch for objects that belong to no application', onOff)
    .option('--orphaned-resources-warn [on]', 'warn of them', onOff);
