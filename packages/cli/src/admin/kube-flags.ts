import type { Command } from 'commander';

/** Adds the flags of commands that work on the cluster itself. */
export const kubeFlags = (command: Command): Command =>
  command
    .option('-n, --namespace <name>', 'control-plane namespace; default: that of the context, or argocd')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig');
