import type { DeviceProfile } from "./analysis.js";

const giga = 1e9;
const tera = 1e12;

/**
 * Devices for rooflines, with the rates that their makers publish for 32-bit floats: without tensor cores, TF32 or sparsity.
 * Real programs stay below them. Processors' rates are cores * base clock * FLOPs per core and cycle; 32 of them are two
 * fused multiply-adds on 256 bits, 64 on 512 bits.
 */
export const devices: readonly DeviceProfile[] = [
  {
    name: "h100-sxm",
    title: "NVIDIA H100 SXM5 80 GB",
    kind: "gpu",
    flopsPerSecond: 67 * tera,
    bytesPerSecond: 3350 * giga,
    source: "NVIDIA H100 Tensor Core GPU datasheet: FP32 67 teraFLOPS, 3.35 TB/s",
  },
  {
    name: "a100-80gb",
    title: "NVIDIA A100 SXM4 80 GB",
    kind: "gpu",
    flopsPerSecond: 19.5 * tera,
    bytesPerSecond: 2039 * giga,
    source: "NVIDIA A100 Tensor Core GPU datasheet: FP32 19.5 TFLOPS, 2,039 GB/s",
  },
  {
    name: "v100-sxm2",
    title: "NVIDIA V100 SXM2",
    kind: "gpu",
    flopsPerSecond: 15.7 * tera,
    bytesPerSecond: 900 * giga,
    source: "NVIDIA V100 Tensor Core GPU datasheet: single precision 15.7 teraFLOPS, 900 GB/s",
  },
  {
    name: "rtx-4090",
    title: "NVIDIA GeForce RTX 4090",
    kind: "gpu",
    flopsPerSecond: 82.6 * tera,
    bytesPerSecond: 1008 * giga,
    source: "NVIDIA Ada GPU architecture whitepaper: peak FP32 82.6 TFLOPS, 1008 GB/s",
  },
  {
    name: "rtx-3090",
    title: "NVIDIA GeForce RTX 3090",
    kind: "gpu",
    flopsPerSecond: 35.6 * tera,
    bytesPerSecond: 936 * giga,
    source: "NVIDIA Ampere GA102 GPU architecture whitepaper: peak FP32 35.6 TFLOPS, 936 GB/s",
  },
  {
    name: "apple-m2",
    title: "Apple M2, GPU of 10 cores",
    kind: "gpu",
    flopsPerSecond: 3.6 * tera,
    bytesPerSecond: 100 * giga,
    source: "Apple's announcement of M2, June 2022: 3.6 teraflops, 100 GB/s",
  },
  {
    name: "epyc-7763",
    title: "AMD EPYC 7763, one socket",
    kind: "cpu",
    flopsPerSecond: 64 * 2.45 * giga * 32,
    bytesPerSecond: 204.8 * giga,
    source:
      "AMD's specifications: 64 cores, base clock 2.45 GHz, 8 channels of DDR4-3200; Zen 3 has 32 FLOPs per cycle",
  },
  {
    name: "xeon-8380",
    title: "Intel Xeon Platinum 8380, one socket",
    kind: "cpu",
    flopsPerSecond: 40 * 2.3 * giga * 64,
    bytesPerSecond: 204.8 * giga,
    source:
      "Intel ARK: 40 cores, base clock 2.3 GHz, 8 channels of DDR4-3200, two AVX-512 FMA units: 64 FLOPs per cycle",
  },
  {
    name: "ryzen-7950x",
    title: "AMD Ryzen 9 7950X",
    kind: "cpu",
    flopsPerSecond: 16 * 4.5 * giga * 32,
    bytesPerSecond: 83.2 * giga,
    source:
      "AMD's specifications: 16 cores, base clock 4.5 GHz, 2 channels of DDR5-5200; Zen 4 has 32 FLOPs per cycle",
  },
  {
    name: "core-i7-12700k",
    title: "Intel Core i7-12700K",
    kind: "cpu",
    flopsPerSecond: 8 * 3.6 * giga * 32 + 4 * 2.7 * giga * 16,
    bytesPerSecond: 76.8 * giga,
    source:
      "Intel ARK: 8 performance cores at 3.6 GHz (32 FLOPs per cycle), 4 efficient cores at 2.7 GHz (16), " +
      "2 channels of DDR5-4800",
  },
];
