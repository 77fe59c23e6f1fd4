const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);
const colon = 0x3a;
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * The first key that a JSON object has twice, or undefined. `JSON.parse` would silently keep the last one. Looks at the
 * outermost object only.
 *
 * @param text valid JSON
 */
export function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (opening.has(code)) depth++;
    else if (closing.has(code)) depth--;
    if (code !== quote) continue;
    const start = i++;
    while (i < text.length && text.charCodeAt(i) !== quote) i += text.charCodeAt(i) === backslash ? 2 : 1;
    if (depth !== 1) continue;
    let next = i + 1;
    while (blanks.has(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) !== colon) continue;
    const key = JSON.parse(text.slice(start, i + 1)) as string;
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}
