import type { Operation } from "../graph/operation.js";
import { add } from "./add.js";
import { avgPool } from "./avg-pool.js";
import { batchNorm } from "./batch-norm.js";
import { concat } from "./concat.js";
import { contract } from "./contract.js";
import { conv } from "./conv.js";
import { convTranspose } from "./conv-transpose.js";
import { divide } from "./divide.js";
import { drop } from "./drop.js";
import { dropout } from "./dropout.js";
import { elu } from "./elu.js";
import { exp } from "./exp.js";
import { flip } from "./flip.js";
import { floor } from "./floor.js";
import { gather } from "./gather.js";
import { gelu } from "./gelu.js";
import { gridSample } from "./grid-sample.js";
import { groupNorm } from "./group-norm.js";
import { indexAlong } from "./index-along.js";
import { instanceNorm } from "./instance-norm.js";
import { layerNorm } from "./layer-norm.js";
import { leakyRelu } from "./leaky-relu.js";
import { linear } from "./linear.js";
import { maxOver } from "./max-over.js";
import { maxPool } from "./max-pool.js";
import { mean } from "./mean.js";
import { merge } from "./merge.js";
import { multiply } from "./multiply.js";
import { negate } from "./negate.js";
import { pad } from "./pad.js";
import { param } from "./param.js";
import { prelu } from "./prelu.js";
import { rearrange } from "./rearrange.js";
import { reciprocal } from "./reciprocal.js";
import { relu } from "./relu.js";
import { rename } from "./rename.js";
import { repeat } from "./repeat.js";
import { resize } from "./resize.js";
import { roll } from "./roll.js";
import { scale } from "./scale.js";
import { shift } from "./shift.js";
import { sigmoid } from "./sigmoid.js";
import { silu } from "./silu.js";
import { sin } from "./sin.js";
import { slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { softplus } from "./softplus.js";
import { split } from "./split.js";
import { sqrt } from "./sqrt.js";
import { stack } from "./stack.js";
import { subtract } from "./subtract.js";
import { sum } from "./sum.js";
import { sumOver } from "./sum-over.js";
import { table } from "./table.js";
import { tanh } from "./tanh.js";

/** The operations that are written by name: after an arrow or, on several tensors, as functions. */
export const namedOperations: readonly Operation[] = [
  conv,
  convTranspose,
  linear,
  instanceNorm,
  batchNorm,
  groupNorm,
  layerNorm,
  relu,
  leakyRelu,
  prelu,
  elu,
  gelu,
  silu,
  softplus,
  sigmoid,
  tanh,
  exp,
  sin,
  sqrt,
  floor,
  softmax,
  maxPool,
  avgPool,
  mean,
  sumOver,
  maxOver,
  resize,
  dropout,
  shift,
  roll,
  flip,
  split,
  merge,
  rename,
  repeat,
  pad,
  concat,
  stack,
  contract,
  gather,
  gridSample,
  indexAlong,
];

/** What operators, sums and views become. */
const impliedOperations: readonly Operation[] = [
  add,
  subtract,
  multiply,
  divide,
  sum,
  negate,
  reciprocal,
  scale,
  rearrange,
  slice,
  drop,
  param,
  table,
];

/** Every primitive operation; names are unique. */
export const operations: readonly Operation[] = [...namedOperations, ...impliedOperations];
