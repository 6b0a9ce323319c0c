import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';

const output = (): Option =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide');

const roleCommand = (role: Command, name: string, about: string): Command =>
  role.command(name).description(about).argument('<project>').argument('<role>');

function registerTokens(role: Command, terminal: Terminal): void {
  roleCommand(role, 'create-token', 'make a token of a role, and print it; only now can it be seen')
    .option('-e, --expires-in <duration>', 'for example 90d or 12h; default: never', '0s')
    .option('-i, --id <id>', 'id of the token; default: a random one')
    .option('-t, --token-only', 'print the token alone')
    .action(async (project: string, name: string, _options, command: Command) => {
      const { createRoleToken } = await import('./roles.ts');
      await createRoleToken(terminal, { project, role: name }, command.optsWithGlobals());
    });
  roleCommand(role, 'delete-token', 'take a token back')
    .argument('<issued-at>', 'as list-tokens shows it')
    .action(async (project: string, name: string, iat: string, _options, command: Command) => {
      const { deleteRoleToken } = await import('./roles.ts');
      await deleteRoleToken(terminal, { project, role: name, iat }, command.optsWithGlobals());
    });
  roleCommand(role, 'list-tokens', 'list the tokens of a role')
    .option('-u, --unixtime', 'times as seconds since 1970')
    .action(async (project: string, name: string, _options, command: Command) => {
      const { listRoleTokens } = await import('./roles.ts');
      await listRoleTokens(terminal, { project, role: name }, command.optsWithGlobals());
    });
}

function registerRights(role: Command, terminal: Terminal): void {
  for (const add of [true, false]) {
    roleCommand(role, add ? 'add-policy' : 'remove-policy', add ? 'give a role a right' : 'take a right away')
      .requiredOption('-a, --action <action>', 'for example sync')
      .requiredOption('-o, --object <object>', 'application in the project, for example *')
      .addOption(new Option('-p, --permission <effect>', 'effect').choices(['allow', 'deny']).default('allow'))
      .option('-r, --resource <resource>', 'kind of object', 'applications')
      .addHelpText(
        'after',
        `\nExample:\n  plumb proj role ${add ? 'add' : 'remove'}-policy shop ci --action sync --object '*'`,
      )
      .action(async (project: string, name: string, _options, command: Command) => {
        const { changePolicy } = await import('./roles.ts');
        await changePolicy(terminal, { project, role: name, add }, command.optsWithGlobals());
      });
    roleCommand(role, add ? 'add-group' : 'remove-group', add ? 'give a group a role' : 'take a role from a group')
      .argument('<group>')
      .action(async (project: string, name: string, group: string, _options, command: Command) => {
        const { changeGroup } = await import('./roles.ts');
        await changeGroup(terminal, { project, role: name, group, add }, command.optsWithGlobals());
      });
  }
}

/** `plumb proj role`. */
export function registerRoles(proj: Command, terminal: Terminal): void {
  const role = proj.command('role').description('roles of a project, and their tokens');
  role
    .command('list')
    .description('list the roles of a project')
    .argument('<project>')
    .addOption(output())
    .action(async (project: string, _options, command: Command) => {
      const { listRoles } = await import('./roles.ts');
      await listRoles(terminal, project, command.optsWithGlobals());
    });
  roleCommand(role, 'get', 'show a role').action(async (project: string, name: string, _options, command: Command) => {
    const { getRole } = await import('./roles.ts');
    await getRole(terminal, { project, role: name }, command.optsWithGlobals());
  });
  roleCommand(role, 'create', 'create a role')
    .option('--description <text>', 'for people')
    .action(async (project: string, name: string, _options, command: Command) => {
      const { createRole } = await import('./roles.ts');
      await createRole(terminal, { project, role: name }, command.optsWithGlobals());
    });
  roleCommand(role, 'delete', 'delete a role').action(
    async (project: string, name: string, _options, command: Command) => {
      const { deleteRole } = await import('./roles.ts');
      await deleteRole(terminal, { project, role: name }, command.optsWithGlobals());
    },
  );
  registerRights(role, terminal);
  registerTokens(role, terminal);
}
