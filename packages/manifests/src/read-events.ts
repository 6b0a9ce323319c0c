import { type Event, parseEvents, YAMLException } from 'js-yaml';

const maxDepth = 1000;
/** js-yaml's word for a line of a flow collection that stands no further right than what the collection belongs to. */
const flowLineReason = 'deficient indentation';
const indentation = ' '.repeat(200);
const maxIndentedLines = 500;
/** What may be read in all, so that a long text is not read hundreds of times. */
const maxCharactersRead = 50_000_000;

/**
 * The parser's events of a text, and the text they point into. Kubernetes' reader takes any indentation inside of
 * `[…]` and `{…}`, js-yaml does not: such lines are indented and the text is read again. Leading blanks mean nothing
 * there, not even within quotes.
 *
 * @param indented gets the numbers, from 1, of the lines that were indented.
 * @throws YAMLException
 */
export function readEvents(text: string, indented: Set<number>): { source: string; events: Event[] } {
  let source = text;
  for (let read = text.length; ; read += source.length) {
    try {
      return { source, events: parseEvents(source, { maxDepth }) };
    } catch (error) {
      const mark = error instanceof YAMLException && error.reason === flowLineReason ? error.mark : undefined;
      const line = (mark?.line ?? 0) + 1;
      if (!mark || mark.position >= source.length || indented.has(line)) throw error;
      if (indented.size >= maxIndentedLines || read > maxCharactersRead) throw error;
      indented.add(line);
      const start = source.lastIndexOf('\n', mark.position - 1) + 1;
      source = source.slice(0, start) + indentation + source.slice(start);
    }
  }
}
