/** Where JSON values that follow each other end: positions behind each value, found by brackets outside of texts. */
function ends(text: string): number[] {
  const found: number[] = [];
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inText) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) inText = false;
    } else if (char === 0x22) inText = true;
    else if (char === 0x7b || char === 0x5b) depth += 1;
    else if (char === 0x7d || char === 0x5d) {
      depth -= 1;
      if (depth === 0) found.push(at + 1);
    }
  }
  return found;
}

/** The objects and arrays of a text that holds one after the other; blanks and line ends between them do not matter. */
export function jsonValues(text: string): string[] {
  let from = 0;
  const values = ends(text).map((end) => {
    const value = text.slice(from, end);
    from = end;
    return value;
  });
  const rest = text.slice(from).trim();
  return rest === '' ? values : [...values, rest];
}
