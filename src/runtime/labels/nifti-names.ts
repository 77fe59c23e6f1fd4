import { gunzipStart, isGzip } from "../volume/gzip.js";
import { announcedVersion, decodeHeader, headerBytes } from "../volume/nifti-header.js";
import { cleanName, type LabelName, type LabelNames, noNames } from "./names.js";

/** Codes of extensions that may be Caret's XML: its own, and none, as TotalSegmentator writes. */
const codes = [30, 0];

/** As many bytes before the voxels are searched for names. */
const longest = 2 ** 22;

/**
 * What a NIfTI file says about its labels in an extension of Caret's: an XML element `Label` for each, as Workbench,
 * nibabel and TotalSegmentator write it. Nothing where there is none, or one that cannot be read: names are a comfort.
 */
export function namesInNifti(bytes: Uint8Array, path: string): LabelNames {
  const compressed = isGzip(bytes);
  const start = compressed ? gunzipStart(bytes, headerBytes[2], path) : bytes;
  const version = announcedVersion(start);
  if (version === undefined || start.length < headerBytes[version]) return noNames;
  const { storage } = decodeHeader(start, version);
  const end = Math.min(storage.voxelOffset, longest);
  // Four bytes behind the header say whether extensions follow.
  const first = headerBytes[version];
  if (!(end > first + 12)) return noNames;
  const head = compressed ? gunzipStart(bytes, end, path).subarray(0, end) : bytes.subarray(0, end);
  if (head[first] === 0) return noNames;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = first + 4; at + 8 <= head.length; ) {
    const size = view.getInt32(at, storage.littleEndian);
    if (size < 8) break;
    if (codes.includes(view.getInt32(at + 4, storage.littleEndian))) {
      const text = new TextDecoder().decode(head.subarray(at + 8, Math.min(at + size, head.length)));
      if (text.includes("<LabelTable")) return namesInXml(text);
    }
    at += size;
  }
  return noNames;
}

function namesInXml(xml: string): LabelNames {
  const labels = xml.matchAll(/<Label\b([^>]*)>\s*(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))\s*<\/Label>/g);
  const found = new Map<number, LabelName>();
  for (const [, attributes = "", quoted, plain = ""] of labels) {
    const attribute = (name: string) =>
      Number.parseFloat(new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`).exec(attributes)?.[1] ?? "");
    const [label, red, green, blue] = [
      attribute("Key"),
      attribute("Red"),
      attribute("Green"),
      attribute("Blue"),
    ];
    const name = cleanName(quoted ?? plain);
    if (!Number.isInteger(label) || name === "") continue;
    const parts = [red, green, blue].map((part) => Math.round(255 * part));
    const hasColour = parts.every((part) => part >= 0 && part <= 255);
    found.set(label, hasColour ? { name, colour: parts as [number, number, number] } : { name });
  }
  return found;
}
