import { CstParser, EOF } from "chevrotain";
import * as t from "./tokens.js";

/**
 * Slab's grammar. The parser only builds a concrete syntax tree; `src/compiler/syntax` turns it into an AST.
 * `slab.generated.ebnf` and the CST types are generated from these rules.
 */
class SlabParser extends CstParser {
  constructor() {
    super([...t.allTokens], { maxLookahead: 3, nodeLocationTracking: "full", skipValidations: false });
    this.performSelfAnalysis();
  }

  /** One declaration with its documentation. */
  declaration = this.RULE("declaration", () => {
    this.MANY(() => this.CONSUME(t.DocComment));
    this.OR([
      { ALT: () => this.SUBRULE(this.use) },
      { ALT: () => this.SUBRULE(this.constant) },
      { ALT: () => this.SUBRULE(this.fn) },
      { ALT: () => this.SUBRULE(this.view) },
      { ALT: () => this.SUBRULE(this.layer) },
      { ALT: () => this.SUBRULE(this.network) },
      { ALT: () => this.SUBRULE(this.checkpoint) },
      { ALT: () => this.SUBRULE(this.pipeline) },
    ]);
  });

  use = this.RULE("use", () => {
    this.CONSUME(t.Use);
    this.OR([
      { ALT: () => this.CONSUME(t.Text) },
      {
        ALT: () =>
          this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.CONSUME(t.Identifier, { LABEL: "module" }) }),
      },
    ]);
    this.CONSUME(t.LeftCurly);
    this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.CONSUME1(t.Identifier, { LABEL: "imported" }) });
    this.CONSUME(t.RightCurly);
  });

  constant = this.RULE("constant", () => {
    this.CONSUME(t.Const);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  fn = this.RULE("fn", () => {
    this.CONSUME(t.Fn);
    this.CONSUME(t.Identifier);
    this.SUBRULE(this.parameters);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  view = this.RULE("view", () => {
    this.CONSUME(t.View);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.LeftCurly);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.role) });
    this.CONSUME(t.RightCurly);
  });

  role = this.RULE("role", () => {
    this.CONSUME(t.Identifier, { LABEL: "role" });
    this.CONSUME(t.Colon);
    this.CONSUME1(t.Identifier, { LABEL: "axis" });
  });

  layer = this.RULE("layer", () => {
    this.CONSUME(t.Layer);
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.SUBRULE(this.body);
  });

  network = this.RULE("network", () => {
    this.CONSUME(t.Network);
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.SUBRULE(this.body);
  });

  checkpoint = this.RULE("checkpoint", () => {
    this.CONSUME(t.Checkpoint);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.For);
    this.CONSUME1(t.Identifier, { LABEL: "network" });
    this.CONSUME(t.LeftCurly);
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.mapping) }, { ALT: () => this.SUBRULE(this.ignored) }]);
    });
    this.CONSUME(t.RightCurly);
  });

  /** `ignore "decoder.encoder.{rest*}"` */
  ignored = this.RULE("ignored", () => {
    this.CONSUME(t.Ignore);
    this.CONSUME(t.Text);
  });

  /** `unet.enc.{i}.conv{k} = "stages.{i}.conv{k}"` */
  mapping = this.RULE("mapping", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.SUBRULE(this.segment) });
    this.CONSUME(t.Equals);
    this.CONSUME(t.Text);
  });

  segment = this.RULE("segment", () => {
    this.AT_LEAST_ONE(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Identifier) },
        { ALT: () => this.CONSUME(t.Integer) },
        { ALT: () => this.SUBRULE(this.capture) },
      ]),
    );
  });

  /** `{i}`, or for any number of segments `{rest*}` */
  capture = this.RULE("capture", () => {
    this.CONSUME(t.LeftCurly);
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.CONSUME(t.Times));
    this.CONSUME(t.RightCurly);
  });

  /** `pipeline abdomen for SSHUNet(classes: 14) { orientation: RAS  labels { 0: "background" } }` */
  pipeline = this.RULE("pipeline", () => {
    this.CONSUME(t.Pipeline);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.For);
    this.CONSUME1(t.Identifier, { LABEL: "network" });
    this.OPTION(() => this.SUBRULE(this.settings));
    this.CONSUME(t.LeftCurly);
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.property) }, { ALT: () => this.SUBRULE(this.labels) }]);
    });
    this.CONSUME(t.RightCurly);
  });

  settings = this.RULE("settings", () => {
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
    this.CONSUME(t.RightParen);
  });

  /** `overlap: 0.5`, `spacing: (1.5, 1.5, 2.0) mm` */
  property = this.RULE("property", () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
    this.OPTION({
      // In the next line it is another property's name.
      GATE: () => ![t.Colon, t.LeftCurly].includes(this.LA(2).tokenType),
      DEF: () => this.CONSUME1(t.Identifier, { LABEL: "unit" }),
    });
  });

  /** `labels { 0: "background"  1: "spleen" "#9d6ca2" }` */
  labels = this.RULE("labels", () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.LeftCurly);
    this.MANY(() => this.SUBRULE(this.label));
    this.CONSUME(t.RightCurly);
  });

  label = this.RULE("label", () => {
    this.CONSUME(t.Integer);
    this.CONSUME(t.Colon);
    this.CONSUME(t.Text);
    this.OPTION(() => this.CONSUME1(t.Text, { LABEL: "colour" }));
  });

  parameters = this.RULE("parameters", () => {
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.parameter);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.parameter);
      });
      this.OPTION1(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.RightParen);
  });

  parameter = this.RULE("parameter", () => {
    this.MANY(() => this.CONSUME(t.DocComment));
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression);
    });
  });

  /** `int`, `[int]` */
  type = this.RULE("type", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      {
        ALT: () => {
          this.CONSUME(t.LeftSquare);
          this.SUBRULE(this.type);
          this.CONSUME(t.RightSquare);
        },
      },
    ]);
  });

  body = this.RULE("body", () => {
    this.CONSUME(t.LeftCurly);
    this.MANY(() => this.SUBRULE(this.statement));
    this.CONSUME(t.RightCurly);
  });

  statement = this.RULE("statement", () => {
    this.MANY(() => this.CONSUME(t.DocComment));
    this.OR([
      { ALT: () => this.SUBRULE(this.inputDeclaration) },
      { ALT: () => this.SUBRULE(this.freeParameter) },
      { ALT: () => this.SUBRULE(this.outputStatement) },
      { ALT: () => this.SUBRULE(this.requirement) },
      { ALT: () => this.SUBRULE(this.definition) },
    ]);
  });

  inputDeclaration = this.RULE("inputDeclaration", () => {
    this.CONSUME(t.Input);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.tensorType);
  });

  /** `param w: float[c, k: 3] init normal(0.02)` */
  freeParameter = this.RULE("freeParameter", () => {
    this.CONSUME(t.Param);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.tensorType);
    this.OPTION({
      // In the next line it may be a definition's name: init = …, init[0] = …
      GATE: () => ![t.Equals, t.LeftSquare].includes(this.LA(2).tokenType),
      DEF: () => {
        this.CONSUME(t.Init);
        this.CONSUME1(t.Identifier, { LABEL: "distribution" });
        this.OPTION1(() => {
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.expression);
          this.CONSUME(t.RightParen);
        });
      },
    });
  });

  tensorType = this.RULE("tensorType", () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.LeftSquare);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.axis) });
    this.CONSUME(t.RightSquare);
  });

  axis = this.RULE("axis", () => {
    this.CONSUME(t.Identifier);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.expression);
    });
  });

  /** `output x`, `output logits = x`, `output deep[index] = x for index in 1..4` */
  outputStatement = this.RULE("outputStatement", () => {
    this.CONSUME(t.Output);
    this.OPTION({
      GATE: () => this.isNamed(),
      DEF: () => {
        this.CONSUME(t.Identifier);
        this.OPTION1(() => {
          this.CONSUME(t.LeftSquare);
          this.SUBRULE(this.expression, { LABEL: "index" });
          this.CONSUME(t.RightSquare);
        });
        this.CONSUME(t.Equals);
      },
    });
    this.SUBRULE1(this.expression);
    this.OPTION2(() => this.SUBRULE(this.generator));
  });

  /** Whether an equals sign follows the name here, or the brackets after it: `dec[0]` alone is a value. */
  private isNamed(): boolean {
    let at = 2;
    if (this.LA(at).tokenType !== t.LeftSquare) return this.LA(at).tokenType === t.Equals;
    let open = 0;
    do {
      const { tokenType } = this.LA(at);
      if (tokenType === EOF) return false;
      if (tokenType === t.LeftSquare) open += 1;
      if (tokenType === t.RightSquare) open -= 1;
      at += 1;
    } while (open > 0);
    return this.LA(at).tokenType === t.Equals;
  }

  requirement = this.RULE("requirement", () => {
    this.CONSUME(t.Require);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Comma);
    this.CONSUME(t.Text);
  });

  /** `name = expression`, `name[index] = expression for index in first..last`, `shared name = layer`, `unused name = expression` */
  definition = this.RULE("definition", () => {
    this.OPTION2({
      GATE: () => ![t.Equals, t.LeftSquare].includes(this.LA(2).tokenType),
      DEF: () => this.OR([{ ALT: () => this.CONSUME(t.Shared) }, { ALT: () => this.CONSUME(t.Unused) }]),
    });
    this.CONSUME(t.Identifier);
    this.OPTION(() => {
      this.CONSUME(t.LeftSquare);
      this.SUBRULE(this.expression, { LABEL: "index" });
      this.CONSUME(t.RightSquare);
    });
    this.CONSUME(t.Equals);
    this.SUBRULE1(this.expression);
    this.OPTION1(() => this.SUBRULE(this.generator));
  });

  /** `for i in 1..depth`, `for i in 1..<depth`, `for view in views` */
  generator = this.RULE("generator", () => {
    this.CONSUME(t.For);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.In);
    this.SUBRULE(this.disjunction);
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Range) }, { ALT: () => this.CONSUME(t.RangeBelow) }]);
      this.SUBRULE1(this.disjunction, { LABEL: "last" });
    });
  });

  /** A pipeline, the loosest form: `a -> F -> label: G(args) -> undo view` */
  expression = this.RULE("expression", () => {
    this.SUBRULE(this.disjunction);
    this.MANY(() => {
      this.CONSUME(t.Arrow);
      this.SUBRULE(this.stage);
    });
  });

  stage = this.RULE("stage", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Undo);
          this.SUBRULE(this.postfix, { LABEL: "undone" });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Identifier, { LABEL: "label" });
          this.CONSUME(t.Colon);
          this.SUBRULE1(this.postfix);
        },
      },
      { ALT: () => this.SUBRULE2(this.postfix) },
    ]);
  });

  disjunction = this.RULE("disjunction", () => {
    this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(t.Or, { LABEL: "operator" });
      this.SUBRULE1(this.conjunction);
    });
  });

  conjunction = this.RULE("conjunction", () => {
    this.SUBRULE(this.negation);
    this.MANY(() => {
      this.CONSUME(t.And, { LABEL: "operator" });
      this.SUBRULE1(this.negation);
    });
  });

  negation = this.RULE("negation", () => {
    this.MANY(() => this.CONSUME(t.Not));
    this.SUBRULE(this.comparison);
  });

  comparison = this.RULE("comparison", () => {
    this.SUBRULE(this.additive);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.EqualEqual, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.NotEqual, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.LessEqual, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.GreaterEqual, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Less, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Greater, { LABEL: "operator" }) },
      ]);
      this.SUBRULE1(this.additive);
    });
  });

  additive = this.RULE("additive", () => {
    this.SUBRULE(this.multiplicative);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Plus, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Minus, { LABEL: "operator" }) },
      ]);
      this.SUBRULE1(this.multiplicative);
    });
  });

  multiplicative = this.RULE("multiplicative", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Times, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Divide, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Percent, { LABEL: "operator" }) },
      ]);
      this.SUBRULE1(this.unary);
    });
  });

  unary = this.RULE("unary", () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.SUBRULE(this.postfix);
  });

  postfix = this.RULE("postfix", () => {
    this.SUBRULE(this.primary);
    this.MANY(() => this.SUBRULE(this.suffix));
  });

  suffix = this.RULE("suffix", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.CONSUME(t.Identifier, { LABEL: "member" });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
          this.CONSUME(t.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftSquare);
          this.SUBRULE(this.subscript);
          this.CONSUME(t.RightSquare);
        },
      },
    ]);
  });

  /** `enc[2]`, `x[c: 0..<8]`, `x[part: 0, t: 1..]` */
  subscript = this.RULE("subscript", () => {
    this.OR([
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.slice) }) },
      { ALT: () => this.SUBRULE(this.expression, { LABEL: "index" }) },
    ]);
  });

  /** One position, or a range in which an end may be missing; `..<` leaves its end out. */
  slice = this.RULE("slice", () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.disjunction, { LABEL: "first" });
          this.OPTION(() =>
            this.OR1([
              {
                ALT: () => {
                  this.CONSUME(t.Range);
                  this.OPTION1(() => this.SUBRULE1(this.disjunction, { LABEL: "last" }));
                },
              },
              {
                ALT: () => {
                  this.CONSUME(t.RangeBelow);
                  this.SUBRULE2(this.disjunction, { LABEL: "last" });
                },
              },
            ]),
          );
        },
      },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME1(t.Range) }, { ALT: () => this.CONSUME1(t.RangeBelow) }]);
          this.SUBRULE3(this.disjunction, { LABEL: "last" });
        },
      },
    ]);
  });

  /** `3`, `stride: 2`, or as the only argument of a call a comprehension without brackets: `f(v) for v in views` */
  argument = this.RULE("argument", () => {
    this.OPTION(() => {
      this.CONSUME(t.Identifier);
      this.CONSUME(t.Colon);
    });
    this.SUBRULE(this.expression);
    this.OPTION1(() => this.SUBRULE(this.generator));
  });

  primary = this.RULE("primary", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Integer) },
      { ALT: () => this.CONSUME(t.Float) },
      { ALT: () => this.CONSUME(t.SizeLiteral) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.SUBRULE(this.parenthesized) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.conditional) },
    ]);
  });

  /** `(a + b)`, or as an argument a group of axes or numbers: `(gx, wx: 7)`, `(h, w)`, `(1, 2)` */
  parenthesized = this.RULE("parenthesized", () => {
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.element);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.element);
    });
    this.CONSUME(t.RightParen);
  });

  element = this.RULE("element", () => {
    this.OPTION(() => {
      this.CONSUME(t.Identifier);
      this.CONSUME(t.Colon);
    });
    this.SUBRULE(this.expression);
  });

  /** `for x: 7, y: 7` */
  positions = this.RULE("positions", () => {
    this.CONSUME(t.For);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.position) });
  });

  /** `x: 7`, an axis of a table with its size */
  position = this.RULE("position", () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.disjunction);
  });

  /** `[1, 2]`, `[f(v) for v in views]`, `[x - y for x: 7, y: 7]` */
  list = this.RULE("list", () => {
    this.CONSUME(t.LeftSquare);
    this.OPTION(() => {
      this.SUBRULE(this.expression);
      this.OR([
        { ALT: () => this.SUBRULE(this.generator) },
        { ALT: () => this.SUBRULE(this.positions) },
        {
          ALT: () =>
            this.MANY(() => {
              this.CONSUME(t.Comma);
              this.SUBRULE1(this.expression);
            }),
        },
      ]);
    });
    this.CONSUME(t.RightSquare);
  });

  /** `if condition then a else b`; the last branch reaches as far as it can. */
  conditional = this.RULE("conditional", () => {
    this.CONSUME(t.If);
    this.SUBRULE(this.disjunction, { LABEL: "condition" });
    this.CONSUME(t.Then);
    this.SUBRULE(this.expression, { LABEL: "whenTrue" });
    this.CONSUME(t.Else);
    this.SUBRULE1(this.expression, { LABEL: "whenFalse" });
  });
}

/** The one parser; its rules are called with the tokens of one declaration. */
export const slabParser = new SlabParser();
