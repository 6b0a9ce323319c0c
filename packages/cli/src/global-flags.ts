import { type Command, Option } from 'commander';
import { collect, onOff, whole } from './arguments.ts';

/** Flags of Argo CD's command line that mean nothing here; scripts that give them go on working. */
const meaningless = [
  '--redis-compress <algorithm>',
  '--logformat <format>',
  '--controller-name <name>',
  '--redis-name <name>',
  '--redis-haproxy-name <name>',
  '--repo-server-name <name>',
];

/** Adds the flags that every command takes (reference §14). */
export function globalFlags(program: Command): void {
  program
    .option('--server <address>', 'API server, as host:port or URL (PLUMB_SERVER)')
    .option('--auth-token <token>', 'token (PLUMB_AUTH_TOKEN)')
    .option('--config <file>', 'configuration file with the log-ins')
    .option('--plumb-context <name>', 'context to use in place of the current one')
    .addOption(new Option('--argocd-context <name>', 'the same').hideHelp())
    .option('--insecure [on]', 'do not check the certificate of the server', onOff)
    .option('--plaintext [on]', 'speak plain HTTP', onOff)
    .option('--server-crt <file>', 'PEM file with the certificate of the server, or of who signed it')
    .option('--client-crt <file>', 'PEM file with a certificate to show to the server')
    .option('--client-crt-key <file>', 'its key')
    .option('-H, --header <name: value>', 'header of every request; may be repeated', collect)
    .option('--grpc-web-root-path <path>', 'path below which the server answers')
    .option('--http-retry-max <count>', 'how often a request that changes nothing is sent again when it fails', whole)
    .option('--core [on]', 'use no server: work on the cluster of the kubeconfig', onOff)
    .option('--kube-context <name>', 'context of the kubeconfig, with --core and --port-forward')
    .option('--port-forward [on]', 'reach the server through the cluster of the kubeconfig', onOff)
    .option('--port-forward-namespace <name>', 'the same, where the server is in this namespace')
    .addOption(new Option('--server-name <name>', 'Service of the server').default('argocd-server').hideHelp())
    .option('--prompts-enabled [on]', 'ask before something is deleted', onOff)
    .addOption(new Option('--loglevel <level>', 'debug tells every request').hideHelp());
  program.addOption(new Option('--grpc-web [on]', 'without effect').argParser(onOff).hideHelp());
  for (const flags of meaningless) program.addOption(new Option(flags, 'without effect').hideHelp());
}
