import { hash } from 'bcryptjs';
import type { Terminal } from '../terminal.ts';

const cost = 10;

/** `plumb account bcrypt`: the hash of a password, as argocd-secret holds it. */
export async function bcryptHash(terminal: Terminal, { password }: { password?: string }): Promise<void> {
  const text = password ?? (await terminal.ask('Password: ', { hidden: true }));
  terminal.out(`${await hash(text, cost)}\n`);
}
