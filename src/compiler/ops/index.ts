import type { Operation } from "../graph/operation.js";
import { add } from "./add.js";
import { avgPool } from "./avg-pool.js";
import { batchNorm } from "./batch-norm.js";
import { concat } from "./concat.js";
import { conv } from "./conv.js";
import { convTranspose } from "./conv-transpose.js";
import { divide } from "./divide.js";
import { dropout } from "./dropout.js";
import { elu } from "./elu.js";
import { gelu } from "./gelu.js";
import { instanceNorm } from "./instance-norm.js";
import { leakyRelu } from "./leaky-relu.js";
import { maxPool } from "./max-pool.js";
import { multiply } from "./multiply.js";
import { negate } from "./negate.js";
import { rearrange } from "./rearrange.js";
import { reciprocal } from "./reciprocal.js";
import { relu } from "./relu.js";
import { scale } from "./scale.js";
import { shift } from "./shift.js";
import { sigmoid } from "./sigmoid.js";
import { softmax } from "./softmax.js";
import { subtract } from "./subtract.js";
import { sum } from "./sum.js";
import { tanh } from "./tanh.js";

/** Every primitive operation; names are unique. */
export const operations: readonly Operation[] = [
  conv,
  convTranspose,
  instanceNorm,
  batchNorm,
  relu,
  leakyRelu,
  elu,
  gelu,
  sigmoid,
  tanh,
  softmax,
  maxPool,
  avgPool,
  dropout,
  shift,
  concat,
  add,
  subtract,
  multiply,
  divide,
  sum,
  negate,
  reciprocal,
  scale,
  rearrange,
];
