import { expect, test } from "vitest";
import { plainWords } from "../../../src/runtime/session/plain-words.js";

test("of a failure of CUDA, what failed, and neither functions nor files of ONNX Runtime", () => {
  const signature =
    "/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 std::conditional_t<THRW, void, onnxruntime::common::Status> " +
    "onnxruntime::CudaCall(ERRTYPE, const char*, const char*, SUCCTYPE) [with ERRTYPE = cudaError; bool THRW = true] ";
  const words = "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version";
  const message = `${signature}${signature}${words} ; GPU=-1 ; hostname=vm ; file=/onnxruntime_src/a.cc ; line=352 ; expr=cudaSetDevice(0); \n\n`;
  expect(plainWords(message)).toBe(words);
});

test("of a condition, what was expected; anything else as it is, on a line, and not endless", () => {
  expect(plainWords("/src/a.cc:12 void f() x == 1 was false. It must be\n  1.")).toBe("It must be 1.");
  expect(plainWords("Failed to load\nmodel")).toBe("Failed to load model");
  expect(plainWords("x".repeat(1000))).toHaveLength(401);
});
