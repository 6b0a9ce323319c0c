import { parseJson } from '@plumbline/manifests';

/** Smaller texts are parsed faster than remembered. */
const smallestBytes = 16_384;
const most = 4;
const keptMs = 2_000;

interface Parsed {
  bytes: Buffer;
  value: unknown;
}

/**
 * A parser for several watches of one process that are told the same: a text that another has parsed a moment ago is not
 * parsed again. What it returns is shared: nobody may change it. The status of a large Application is some hundred KB, and
 * the controller, the API server and live state all watch it.
 */
export function createSharedParse(): (bytes: Buffer) => unknown {
  const recent: Parsed[] = [];
  let forgetting = false;
  const forget = () => {
    recent.length = 0;
    forgetting = false;
  };
  return (bytes) => {
    if (bytes.length < smallestBytes) return parseJson(bytes.toString('utf8'));
    const known = recent.find((entry) => entry.bytes.equals(bytes));
    if (known) return known.value;
    const value: unknown = parseJson(bytes.toString('utf8'));
    // A copy: the socket may use its memory again.
    recent.unshift({ bytes: Buffer.from(bytes), value });
    recent.length = Math.min(recent.length, most);
    if (!forgetting) setTimeout(forget, keptMs).unref();
    forgetting = true;
    return value;
  };
}

/** The parser of all watches of this process. */
export const sharedParse = createSharedParse();
