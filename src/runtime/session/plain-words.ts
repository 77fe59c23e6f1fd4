/** ONNX Runtime's words on one line, without the places in its sources, and not endless. */
export function plainWords(message: string): string {
  const text = message
    .replace(/^\/\S+:\d+ .*? was false\. /s, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
