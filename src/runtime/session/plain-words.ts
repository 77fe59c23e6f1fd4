/** `CUDA failure 35: what it means ; GPU=-1 ; …`, behind the signatures of the functions that it came through. */
const cudaFailure = /\b(?:CUDA|CUDNN\w*|CUBLAS\w*|CURAND|CUFFT) failure -?\d+: [^;]+/;

/** ONNX Runtime's words on one line, without the places in its sources, and not endless. */
export function plainWords(message: string): string {
  const text = (cudaFailure.exec(message)?.[0] ?? message)
    .replace(/^\/\S+:\d+ .*? was false\. /s, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
