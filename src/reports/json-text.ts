/** What can be written as JSON, whole numbers of any size among it. */
export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/**
 * JSON with two spaces of indentation; a list of plain values stands on one line. A `bigint` is written with all its
 * digits, also beyond 2^53. Members that are undefined are left out.
 */
export function jsonText(value: JsonValue, indent = ""): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return "[]";
    const plain = value.every((each) => typeof each !== "object" || each === null);
    const parts = value.map((each) => jsonText(each, deeper));
    return plain ? `[${parts.join(", ")}]` : `[\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}]`;
  }
  const members = Object.entries(value).flatMap(([name, each]) =>
    each === undefined ? [] : [`${JSON.stringify(name)}: ${jsonText(each, deeper)}`],
  );
  return members.length === 0 ? "{}" : `{\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
