/**
 * ONNX Runtime reports its use to its makers, with an identifier that it keeps on disk, unless it is told not to before it
 * begins. Which networks run over whose scans is nobody else's business; `ORT_DISABLE_TELEMETRY=0` allows it. Imported
 * wherever ONNX Runtime begins. A thread's environment is a copy, so the main thread's has to say so.
 */
process.env.ORT_DISABLE_TELEMETRY ??= "1";
