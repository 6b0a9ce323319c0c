const newline = 0x0a;

/**
 * Cuts a byte stream into lines; `onLine` gets each without its line end, as bytes that hold only until it returns. Lines
 * may span any number of chunks.
 */
export function createLineSplitter(onLine: (line: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      if (rest.length > 0) {
        rest.push(chunk.subarray(start, end));
        const line = Buffer.concat(rest);
        rest = [];
        onLine(line);
      } else if (end > start) {
        onLine(chunk.subarray(start, end));
      }
      start = end + 1;
    }
    // A copy: a slice would keep the whole chunk alive, and the socket may reuse its memory.
    if (start < chunk.length) rest.push(Buffer.from(chunk.subarray(start)));
  };
}
