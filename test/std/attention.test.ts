import { describe, expect, test } from "vitest";
import type { SlabFailure } from "../../src/compiler/index.js";
import { check, outputType, paths } from "../compiler/elaborate/programs.js";

const use =
  "use std.attention { CrossAttention, LearnedPositions, MLP, PatchEmbedding, SelfAttention, TransformerBlock }\n";

function onTokens(body: string): ReturnType<typeof check> {
  const input = "  input tokens: float[n, v, t: 12, c: 8]";
  return check(`${use}network Net {\n${input}\n${body}\n}\n`, { tile: [3] });
}

function onVolume(body: string, tile: readonly number[]): ReturnType<typeof check> {
  const input = "  input volume: float[n, c: 2, x, y, z]";
  return check(`${use}network Net {\n${input}\n${body}\n}\n`, { tile });
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (failure) {
    return (failure as SlabFailure).diagnostics.map(({ title }) => title).join("\n");
  }
  return "";
}

describe("SelfAttention", () => {
  test("keeps every axis, batch axes too, and has no bias for queries, keys and values unless one is asked for", () => {
    const checked = onTokens("  output logits = tokens -> attn: SelfAttention(heads: 2)");
    expect(outputType(checked)).toBe("float[n: 1, v: 3, t: 12, c: 8]");
    expect(paths(checked)).toEqual(["attn.qkv.weight", "attn.proj.weight", "attn.proj.bias"]);
    const biased = onTokens("  output logits = tokens -> attn: SelfAttention(2, qkv_bias: true)");
    expect(paths(biased)).toContain("attn.qkv.bias");
  });

  test("refuses heads that do not divide the channels", () => {
    expect(refusal(() => onTokens("  output logits = tokens -> attn: SelfAttention(heads: 3)"))).toBe(
      "3 heads do not divide 8 channels",
    );
  });
});

test("CrossAttention asks another tensor's tokens, of which there may be more", () => {
  const checked = onTokens(`  more = concat(tokens, tokens, along: t)
  output logits = tokens -> attn: CrossAttention(more, heads: 2)`);
  expect(outputType(checked)).toBe("float[n: 1, v: 3, t: 12, c: 8]");
  expect(paths(checked)).toEqual([
    "attn.to_q.weight",
    "attn.to_k.weight",
    "attn.to_v.weight",
    "attn.proj.weight",
    "attn.proj.bias",
  ]);
});

test("TransformerBlock puts its norms before both parts, or after both sums", () => {
  const normed = (pre: boolean) =>
    onTokens(`  output logits = tokens -> block: TransformerBlock(SelfAttention(2), MLP(16), pre: ${pre})`)
      .graph.nodes.filter(({ operation: { name } }) => ["LayerNorm", "add"].includes(name))
      .map(({ operation: { name } }) => name);
  expect(normed(true)).toEqual(["LayerNorm", "add", "LayerNorm", "add"]);
  expect(normed(false)).toEqual(["add", "LayerNorm", "add", "LayerNorm"]);
});

describe("PatchEmbedding", () => {
  test.each(["conv", "perceptron"])(
    "makes a token of each patch by %s, and LearnedPositions adds to it",
    (by) => {
      const body = `  output logits = volume -> embed: PatchEmbedding(8, 2x4x4, by: "${by}") -> at: LearnedPositions`;
      const checked = onVolume(body, [4, 8, 12]);
      expect(outputType(checked)).toBe("float[n: 1, t: 12, c: 8]");
      expect(paths(checked)).toEqual(["embed.proj.weight", "embed.proj.bias", "at.embedding"]);
    },
  );

  test("refuses a volume that patches do not fill, and a word that it does not know", () => {
    const embed = (given: string) => `  output logits = volume -> embed: PatchEmbedding(8, ${given})`;
    expect(refusal(() => onVolume(embed("16"), [24, 32, 32]))).toBe(
      "24x32x32 voxels cannot be cut into patches of 16x16x16",
    );
    expect(refusal(() => onVolume(embed('4, by: "mlp"'), [24, 32, 32]))).toBe(
      'patches are embedded by "conv" or "perceptron", found "mlp"',
    );
  });
});
