import { EVENT_ID, type Event, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';

const maxDepth = 1000;
const indentation = ' '.repeat(200);
const maxRewrites = 500;
/** What may be read in all, so that a long text is not read hundreds of times. */
const maxCharactersRead = 50_000_000;

/** A part of a text that js-yaml reads otherwise than Kubernetes' reader, and what both read as Kubernetes' reader does. */
interface Rewrite {
  start: number;
  end: number;
  text: string;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** A plain text within `[…]` or `{…}` up to here. */
const flowText = /(?<=[[{,]\s*|:\s+)[^\s[\]{},:"'#](?:[^[\]{},:]|:(?!\s))*$/;
const maxFlowText = 500;
const flowEnd = /^:[,\]}]/;

/** `[fe80::]` is a text that ends in a colon, `[1,# …` a comment. */
function rewriteFlow(source: string, position: number): Rewrite | undefined {
  if (source[position] === '#') return { start: position, end: position, text: ' ' };
  if (!flowEnd.test(source.slice(position, position + 2))) return undefined;
  const start = Math.max(source.lastIndexOf('\n', position) + 1, position - maxFlowText);
  const text = flowText.exec(source.slice(start, position + 1))?.[0];
  return text === undefined ? undefined : { start: position + 1 - text.length, end: position + 1, text: quoted(text) };
}

function rewriteError(source: string, error: unknown, rewritten: ReadonlySet<number>): Rewrite | undefined {
  if (!(error instanceof YAMLException) || !error.mark || error.mark.position >= source.length) return undefined;
  const { position, line } = error.mark;
  switch (error.reason) {
    case 'deficient indentation': {
      // A line of a flow collection that stands no further right than what the collection belongs to.
      const start = source.lastIndexOf('\n', position - 1) + 1;
      return rewritten.has(line + 1) ? undefined : { start, end: start, text: indentation };
    }
    case 'missed comma between flow collection entries':
      return rewriteFlow(source, position);
    case 'unknown escape sequence':
      return source[position] === "'" ? { start: position - 1, end: position + 1, text: "'" } : undefined;
    default:
      return undefined;
  }
}

/** Plain texts whose last colon js-yaml took for the end of a key: `[fe80::]`. */
function rewriteColons(source: string, events: readonly Event[]): Rewrite[] {
  if (!/:[,\]}]/.test(source)) return [];
  return events.flatMap((event, index): Rewrite[] => {
    const next = events[index + 1];
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN || event.valueEnd < 0) return [];
    if (next?.type !== EVENT_ID.SCALAR || next.valueStart >= 0) return [];
    const { valueStart: start, valueEnd: end } = event;
    if (!flowEnd.test(source.slice(end, end + 2))) return [];
    return [{ start, end: end + 1, text: quoted(source.slice(start, end + 1)) }];
  });
}

/** @param changes in the order of the text. */
function rewrite(source: string, changes: readonly Rewrite[], rewritten: Set<number>): string {
  const parts: string[] = [];
  let done = 0;
  let line = 1;
  for (const { start, end, text } of changes) {
    const kept = source.slice(done, start);
    line += kept.split('\n').length - 1;
    rewritten.add(line);
    parts.push(kept, text);
    done = end;
  }
  return parts.join('') + source.slice(done);
}

/** `---#` begins a document and a comment; a byte order mark may begin each document. */
function prepare(text: string): string {
  const separated = text.includes('---#') ? text.replace(/(?<![^\n])---#/g, '--- #') : text;
  return separated.includes('\uFEFF', 1) ? separated.replace(/(?<=(?<![^\n])---[ \t\r]*\n)\uFEFF/g, '') : separated;
}

/**
 * The parser's events of a text, and the text they point into. Where Kubernetes' reader takes what js-yaml does not (any
 * indentation inside of `[…]` and `{…}`, `\'` in double quotes) or reads it otherwise, the text is written as both
 * understand it and read again.
 *
 * @param rewritten gets the numbers, from 1, of the lines that were changed.
 * @throws YAMLException
 */
export function readEvents(text: string, rewritten: Set<number>): { source: string; events: Event[] } {
  let source = prepare(text);
  let rewrites = 0;
  for (let read = text.length; ; read += source.length) {
    let changes: Rewrite[];
    try {
      const events = parseEvents(source, { maxDepth });
      changes = rewriteColons(source, events);
      if (changes.length === 0) return { source, events };
    } catch (error) {
      const change = rewriteError(source, error, rewritten);
      rewrites += 1;
      if (!change || rewrites > maxRewrites || read > maxCharactersRead) throw error;
      changes = [change];
    }
    source = rewrite(source, changes, rewritten);
  }
}
