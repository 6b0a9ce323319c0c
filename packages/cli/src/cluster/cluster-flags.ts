import { type Command, Option } from 'commander';
import { collect, integer, onOff } from '../arguments.ts';

/** Adds the flags that tell clusters apart. */
export const describing = (command: Command): Command =>
  command
    .option('--name <name>', 'name of the cluster')
    .option('--namespace <name>', 'manage only this namespace; may be repeated', collect)
    .option('--label <key=value>', 'label; may be repeated', collect)
    .option('--annotation <key=value>', 'annotation; may be repeated', collect);

/** Adds the flags of a cluster's declaration (reference §14). */
export function clusterFlags(command: Command): Command {
  return describing(command)
    .option('--kubeconfig <file>', 'default: KUBECONFIG, or ~/.kube/config')
    .option('--cluster-resources', 'manage cluster-scoped objects although namespaces are named')
    .option('--project <name>', 'only for applications of this project')
    .option('--shard <number>', 'shard that cares for it', integer)
    .option('--in-cluster', 'the cluster that the server itself runs on')
    .addOption(
      new Option('--cluster-endpoint <endpoint>', 'address that is declared').choices([
        'kubeconfig',
        'kube-public',
        'internal',
      ]),
    )
    .option('--service-account <name>', 'act as this account, which exists; default: one is made, argocd-manager')
    .option('--system-namespace <name>', 'namespace of the account', 'kube-system')
    .option('--aws-cluster-name <name>', 'log in as AWS does, to this cluster of EKS')
    .option('--aws-role-arn <arn>', 'with this role')
    .option('--aws-profile <name>', 'with this profile')
    .option('--exec-command <command>', 'log in with what this command prints')
    .option('--exec-command-args <text>', 'its arguments; may be repeated', collect)
    .option('--exec-command-env <name=value>', 'its environment; may be repeated', collect)
    .option('--exec-command-api-version <version>', 'what it is asked in')
    .option('--exec-command-install-hint <text>', 'for those who lack it')
    .option('--proxy-url <url>', 'proxy to go through')
    .option('--server-proxy-url <url>', 'the same, for the server alone')
    .option('--disable-compression [on]', 'do not ask the cluster for compressed answers', onOff);
}
