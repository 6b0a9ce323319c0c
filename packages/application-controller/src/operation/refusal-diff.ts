/** Enough to see what it is about. */
const mostFields = 8;

/** A refusal without the server's own picture of the object, and the fields that the picture shows as changed. */
export interface ShortRefusal {
  text: string;
  fields: readonly string[];
}

/**
 * Some refusals (a Pod's, a PersistentVolume's) carry a unified diff of the server's internal object, often a hundred lines
 * with the whole specification: its changed fields are all that a person needs of it.
 */
export function shortRefusal(message: string, root: string): ShortRefusal {
  const start = message.search(/\n@@ -\d/);
  if (start < 0) return { text: message, fields: [] };
  const lines = message.slice(start + 1).split('\n');
  const end = lines.findIndex((line) => !/^(?:@@ |[-+ ]|$)/.test(line));
  const own = end < 0 ? lines : lines.slice(0, end);
  const after = end < 0 ? [] : lines.slice(end);
  const fields = changedFields(own, root);
  const told = fields.length > 0 ? `changed: ${fields.join(', ')}` : '';
  return { text: [message.slice(0, start), told, ...after].filter(Boolean).join('\n'), fields };
}

interface Named {
  indent: number;
  name: string;
}

function changedFields(lines: readonly string[], root: string): string[] {
  const found = new Set<string>();
  let open: Named[] = [];
  let within: number | undefined;
  for (const line of lines) {
    if (line.startsWith('@@')) {
      open = [];
      within = undefined;
    }
    const member = /^([-+ ])( *)"(\w+)":/.exec(line);
    if (!member) continue;
    const [, mark = ' ', { length: indent } = '', name = ''] = member;
    open = [...open.filter((above) => above.indent < indent), { indent, name: fieldName(name) }];
    if (within !== undefined && indent > within) continue;
    within = mark === ' ' ? undefined : indent;
    if (mark !== ' ') found.add(pathOf(open, root));
  }
  const all = [...found];
  return all.length > mostFields ? [...all.slice(0, mostFields), `and ${all.length - mostFields} more`] : all;
}

/** A hunk that starts in the middle does not show all that lies above. */
function pathOf(open: readonly Named[], root: string): string {
  const names = open.map(({ name }) => name).join('.');
  return (open[0]?.indent ?? 1) > 1 ? `${root}…${names}` : `${root}.${names}`;
}

/** The server's internal names begin with a capital letter: `DNSPolicy` is `dnsPolicy`. */
function fieldName(internal: string): string {
  return internal.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (head) => head.toLowerCase());
}
