import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { formatSource } from "../../../src/compiler/syntax/format.js";
import { parse } from "../../../src/compiler/syntax/parse.js";
import { meaningOf, program, repositoryFiles } from "./programs.js";

const format = (text: string) => formatSource({ path: "net.slab", text });
const comments = (text: string) => (text.match(/\/\/[^\r\n]*/g) ?? []).map((comment) => comment.trimEnd());
const meaning = (text: string) => {
  const { module, diagnostics } = parse({ path: "net.slab", text });
  expect(diagnostics).toEqual([]);
  return meaningOf(module.declarations);
};

/** Formats the body of a layer, given and returned without the layer around it. */
function formatBody(body: string): string {
  const lines = format(`layer L {\n  ${body.replaceAll("\n", "\n  ")}\n}\n`).split("\n");
  return lines
    .slice(1, -2)
    .map((line) => line.slice(2))
    .join("\n");
}

describe("the files of the repository", () => {
  test.each(repositoryFiles)("$path is formatted already", ({ text }) => {
    expect(format(text)).toBe(text);
  });
});

describe("programs of every form, with breaks and comments anywhere", () => {
  test("mean the same after formatting, and formatting again changes nothing", () => {
    fc.assert(
      fc.property(program, (text) => {
        const once = format(text);
        expect(meaning(once)).toBe(meaning(text));
        expect(comments(once)).toEqual(comments(text));
        expect(format(once)).toBe(once);
        expect(once).not.toMatch(/[ \t]\n|\n\n\n|\r|\n\n$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe("blanks", () => {
  test("surround operators, except in index brackets, ranges and ratios", () => {
    expect(formatBody("a[i]=b[ i - 1 ]*2+ -c   for i in 1 .. depth - 1")).toBe(
      "a[i] = b[i-1] * 2 + -c  for i in 1..depth-1",
    );
    expect(formatBody("a = 1 / 4\nb = c/4\nd = e[min(i+1,n)]\nf = a and not b")).toBe(
      "a = 1/4\nb = c / 4\nd = e[min(i + 1, n)]\nf = a and not b",
    );
  });

  test("in slices are as in ranges, with one after an axis's colon", () => {
    expect(
      formatBody(
        "a=x[ c:0 .. <k - 1, part:2 ]\nb = x[c :k ..]\nc = x[c: .. < 2*k, t:..3]".replaceAll(".. <", "..<"),
      ),
    ).toBe("a = x[c: 0..<k-1, part: 2]\nb = x[c: k..]\nc = x[c: ..<2*k, t: ..3]");
  });

  test("in groups are as in calls", () => {
    expect(formatBody("a = x->split( x :(gx,wx:7 + k) )->merge(t:( wx,gx ))->Mean( (h,w) )")).toBe(
      "a = x -> split(x: (gx, wx: 7 + k)) -> merge(t: (wx, gx)) -> Mean((h, w))",
    );
  });

  test("of a free parameter are those of an input and of a call", () => {
    expect(
      formatBody("param w:float [c,k : 3]init normal( 0.02 )\nparam b : float[c]  init zeros\na = w"),
    ).toBe("param w: float[c, k: 3] init normal(0.02)\nparam b: float[c] init zeros\na = w");
  });

  test("keep apart what would become one number or name", () => {
    const text = 'checkpoint a for B {\n  enc.1 .2 = "x"\n  b 1.c = "y"\n}\n';
    expect(meaning(format(text))).toBe(meaning(text));
  });
});

describe("lines", () => {
  test("of a pipeline stay together where they fit and the author wrote them so", () => {
    expect(formatBody("main=input->Conv(1,3x3x3)->ReLU")).toBe("main = input -> Conv(1, 3x3x3) -> ReLU");
  });

  test("of a pipeline stay as the author broke them", () => {
    expect(formatBody("main = input\n -> a: Conv(1, 3) -> ReLU\n       -> Conv(2, 3)")).toBe(
      "main = input\n  -> a: Conv(1, 3) -> ReLU\n  -> Conv(2, 3)",
    );
  });

  test("of a pipeline that is too wide begin with one arrow each", () => {
    const stages = Array.from({ length: 4 }, (_, i) => `-> stage_${i}: Conv(width[${i}], 1x3x3, stride: 2)`);
    expect(formatBody(`main = input ${stages.join(" ")}`)).toBe(`main = input\n  ${stages.join("\n  ")}`);
  });

  test("of a call that is too wide hold one argument each", () => {
    const argument = "a_rather_long_name_for_an_argument";
    const list = Array.from({ length: 4 }, (_, i) => `${argument}_${i}`);
    expect(formatBody(`x = concat(${list.join(",")})`)).toBe(`x = concat(\n  ${list.join(",\n  ")}\n)`);
  });

  test("that break in an odd place are joined", () => {
    expect(formatBody("a = b +\n  c [\n0]\n\n\n\ne = f .\nc")).toBe("a = b + c[0]\n\ne = f.c");
  });

  test("of a block without indentation get it", () => {
    expect(format("layer L {\na = input\noutput a\n}")).toBe("layer L {\n  a = input\n  output a\n}\n");
  });

  test("of a conditional have else under its if", () => {
    expect(formatBody("skip = if a == 1 then input\nelse if b then c\n else input -> ReLU")).toBe(
      "skip = if a == 1 then input\n       else if b then c\n       else input -> ReLU",
    );
  });

  test("keep the column of a for that the author moved", () => {
    const body = "a[i] = b       for i in 1..2\nc[i] = dddd    for i in 1..2\ne[i] = f for i in 1..2";
    expect(formatBody(body)).toBe(body.replace("f for", "f  for"));
  });

  test("of checkpoint rules have their equals signs in one column, group by group", () => {
    expect(format('checkpoint a for B {\na.{i}="x"\nlonger="y"\n\nb="z"\n}')).toBe(
      'checkpoint a for B {\n  a.{i}  = "x"\n  longer = "y"\n\n  b = "z"\n}\n',
    );
  });

  test("of checkpoint rules hold one pattern each, and a capture has no blanks", () => {
    expect(
      format('checkpoint a for B {\n{ rest * }="x.{rest}"\nlonger="y"   ignore  "z.{rest*}" ignore "w"\n}'),
    ).toBe(
      'checkpoint a for B {\n  {rest*} = "x.{rest}"\n  longer  = "y"\n  ignore "z.{rest*}"\n  ignore "w"\n}\n',
    );
  });

  test("of a family of outputs are those of a family of definitions", () => {
    expect(formatBody("output   deep [ i + 1 ]=dec[ i ]  ->  head :Conv(2,1) for i in [ 1,2 ]")).toBe(
      "output deep[i+1] = dec[i] -> head: Conv(2, 1)  for i in [1, 2]",
    );
    expect(formatBody("output dec [ 0 ]")).toBe("output dec[0]");
  });

  test("of documented parameters hold one each", () => {
    expect(format("layer L(/// how many\nn: int, m: int = 2) { output input }")).toBe(
      "layer L(\n  /// how many\n  n: int,\n  m: int = 2\n) {\n  output input\n}\n",
    );
  });
});

describe("comments", () => {
  test("stay where they are: alone in a line, or behind what they explain", () => {
    const body = "// first\na = b  // behind\n\n// before the arrow\nc = d\n  // why\n  -> ReLU";
    expect(formatBody(body)).toBe(body);
  });

  test("at the end of a block and of a file are kept", () => {
    const text = "layer L {\n  output input\n  // nothing more\n}\n\n// the end\n";
    expect(format(text)).toBe(text);
  });
});

test("a file with a mistake is not formatted, and the mistake is named", () => {
  expect(() => format("layer L { a = }")).toThrow(SlabFailure);
});

test("a large file is formatted", () => {
  const text = repositoryFiles.map((file) => file.text).join("\n");
  const large = text.repeat(Math.ceil(300_000 / text.length));
  expect(format(large).length).toBeGreaterThan(250_000);
});
