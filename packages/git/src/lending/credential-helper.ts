import { connect } from 'node:net';

/**
 * A credential helper of git: brings what git wants to know to the socket of a `CredentialServer`, and its answer back.
 * Stores nothing. Arguments: the socket, git's operation.
 */
const [socket = '', operation = ''] = process.argv.slice(2);
if (operation === 'get') {
  const connection = connect(socket);
  connection.once('error', () => process.exit(0));
  process.stdin.pipe(connection).pipe(process.stdout);
}
