import type { SourceFile, Span } from "../support/source.js";

/** A name where it is written. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** One file: its declarations in order. */
export interface Module {
  readonly file: SourceFile;
  readonly declarations: readonly Declaration[];
}

export type Declaration =
  | UseDeclaration
  | ConstDeclaration
  | FnDeclaration
  | ViewDeclaration
  | LayerDeclaration
  | NetworkDeclaration
  | CheckpointDeclaration
  | PipelineDeclaration;

/** `use std.views { axial }`, `use "./blocks.slab" { Block }` */
export interface UseDeclaration {
  readonly kind: "use";
  /** `std.views` or the path in quotes. */
  readonly source: { readonly kind: "module" | "file"; readonly text: string; readonly span: Span };
  readonly imported: readonly Name[];
  readonly span: Span;
}

/** `const amos = 16` */
export interface ConstDeclaration {
  readonly kind: "const";
  readonly documentation: string;
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

/** `fn halve(n: int) = n / 2` */
export interface FnDeclaration {
  readonly kind: "fn";
  readonly documentation: string;
  readonly name: Name;
  readonly parameters: readonly ParameterDeclaration[];
  readonly value: Expression;
  readonly span: Span;
}

/** `view axial { s: z, h: y, w: x }` */
export interface ViewDeclaration {
  readonly kind: "view";
  readonly documentation: string;
  readonly name: Name;
  readonly roles: readonly { readonly role: Name; readonly axis: Name }[];
  readonly span: Span;
}

/** `layer Block(out: int) { … }` */
export interface LayerDeclaration {
  readonly kind: "layer";
  readonly documentation: string;
  readonly name: Name;
  readonly parameters: readonly ParameterDeclaration[];
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** `network SSHUNet(classes: int = 16) { … }` */
export interface NetworkDeclaration {
  readonly kind: "network";
  readonly documentation: string;
  readonly name: Name;
  readonly parameters: readonly ParameterDeclaration[];
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** `checkpoint authors for SSHUNet { head = "output_block.conv" }` */
export interface CheckpointDeclaration {
  readonly kind: "checkpoint";
  readonly documentation: string;
  readonly name: Name;
  readonly network: Name;
  readonly rules: readonly CheckpointRule[];
  /** Patterns of the file's tensors that the network has no use for, `ignore "decoder.encoder.{rest*}"`. */
  readonly ignored: readonly PathPattern[];
  readonly span: Span;
}

/** A path pattern and the other framework's name for what it matches. */
export interface CheckpointRule {
  readonly pattern: PathPattern;
  readonly target: TextExpression;
  readonly span: Span;
}

/** One entry per segment: literal texts and captures, `conv{k}` is a literal and a capture. */
export type PathPattern = readonly (readonly PatternPart[])[];

/** `rest`, which is alone in its entry, stands for any number of segments. */
export type PatternPart =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "capture" | "rest"; readonly name: Name };

/** `pipeline abdomen for SSHUNet(classes: 14) { orientation: RAS … }` */
export interface PipelineDeclaration {
  readonly kind: "pipeline";
  readonly documentation: string;
  readonly name: Name;
  readonly network: Name;
  /** The network's settings that it is made for. */
  readonly settings: readonly Argument[];
  readonly properties: readonly PipelineProperty[];
  /** `labels { … }`: one is right, and none can be. */
  readonly blocks: readonly PipelineBlock[];
  readonly span: Span;
}

/** `spacing: (1.5, 1.5, 2.0) mm`. Bare names in the value are the pipeline's own words. */
export interface PipelineProperty {
  readonly name: Name;
  readonly value: Expression;
  readonly unit?: Name;
  readonly span: Span;
}

/** `labels { 0: "background"  1: "spleen" "#9d6ca2" }` */
export interface PipelineBlock {
  readonly name: Name;
  readonly labels: readonly PipelineLabel[];
  readonly span: Span;
}

export interface PipelineLabel {
  readonly number: { readonly value: number; readonly span: Span };
  readonly name: TextExpression;
  readonly colour?: TextExpression;
}

/** `fold: ratio = 1/4` */
export interface ParameterDeclaration {
  readonly documentation: string;
  readonly name: Name;
  readonly type: TypeReference;
  readonly default?: Expression;
}

/** `int` or, as a list, `[int]`. */
export interface TypeReference {
  readonly text: string;
  readonly span: Span;
}

export type Statement = InputStatement | DefinitionStatement | OutputStatement | RequireStatement;

/** `input volume: float[n, c: 1, x, y, z]` */
export interface InputStatement {
  readonly kind: "input";
  readonly documentation: string;
  readonly name: Name;
  readonly element: Name;
  readonly axes: readonly { readonly name: Name; readonly size?: Expression }[];
  readonly span: Span;
}

/** `skip = input`, `enc[i] = … for i in 1..depth`, `shared gate = GateShift`, `unused cross = …` */
export interface DefinitionStatement {
  readonly kind: "definition";
  readonly documentation: string;
  /** Whether the layer that it holds is one instance, wherever it is applied. */
  readonly shared: boolean;
  /** Whether nothing uses it, and only its weights belong to the network. */
  readonly unused: boolean;
  readonly name: Name;
  readonly index?: Expression;
  readonly value: Expression;
  readonly generator?: Generator;
  readonly span: Span;
}

/** `output dec[0]`, `output logits = …`, `output deep[i] = … for i in 1..4` */
export interface OutputStatement {
  readonly kind: "output";
  readonly documentation: string;
  readonly name?: Name;
  readonly index?: Expression;
  readonly value: Expression;
  readonly generator?: Generator;
  readonly span: Span;
}

/** `require input.c % heads == 0, "{heads} heads do not divide {input.c} channels"` */
export interface RequireStatement {
  readonly kind: "require";
  readonly condition: Expression;
  readonly message: TextExpression;
  readonly span: Span;
}

/** `for i in 1..depth`, `for i in 1..<depth`, `for view in views` */
export interface Generator {
  readonly variable: Name;
  readonly from: Expression;
  /** Present for a range. */
  readonly to?: Expression;
  /** Whether a range runs upwards and leaves its end out; else it has both its ends, and runs in either direction. */
  readonly below?: boolean;
  readonly span: Span;
}

export type Expression =
  | { readonly kind: "integer"; readonly value: number; readonly span: Span }
  | { readonly kind: "float"; readonly value: number; readonly span: Span }
  | { readonly kind: "size"; readonly sizes: readonly number[]; readonly span: Span }
  | { readonly kind: "boolean"; readonly value: boolean; readonly span: Span }
  | TextExpression
  | { readonly kind: "name"; readonly name: string; readonly span: Span }
  | { readonly kind: "list"; readonly elements: readonly Expression[]; readonly span: Span }
  | GroupExpression
  | ComprehensionExpression
  | TableExpression
  | {
      readonly kind: "unary";
      readonly operator: "-" | "not";
      readonly operand: Expression;
      readonly span: Span;
    }
  | BinaryExpression
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
      readonly span: Span;
    }
  | CallExpression
  | { readonly kind: "index"; readonly target: Expression; readonly index: Expression; readonly span: Span }
  | SliceExpression
  | ParamExpression
  | { readonly kind: "member"; readonly target: Expression; readonly member: Name; readonly span: Span }
  | PipeExpression;

/** `x[c: 0..<8, part: 0]` */
export interface SliceExpression {
  readonly kind: "slice";
  readonly target: Expression;
  readonly slices: readonly AxisSlice[];
  readonly span: Span;
}

/** What is kept of one axis: `c: 3` is a position, `c: 0..3` a range with both its ends, `c: 0..<4` one without its end. */
export interface AxisSlice {
  readonly axis: Name;
  readonly kind: "position" | "through" | "below";
  /** The position, or where the range begins; without it, at 0. */
  readonly first?: Expression;
  /** Without it, the range reaches to the end of the axis. */
  readonly last?: Expression;
  readonly span: Span;
}

/** What `param w: float[c: 8, k: 3] init normal(0.02)` defines w as; written as that statement alone. */
export interface ParamExpression {
  readonly kind: "param";
  readonly name: Name;
  readonly documentation: string;
  readonly element: Name;
  readonly axes: readonly { readonly name: Name; readonly size?: Expression }[];
  /** The distribution that its training begins from. */
  readonly init?: { readonly name: Name; readonly argument?: Expression };
  readonly span: Span;
}

/** Text with `{expression}` parts. */
export interface TextExpression {
  readonly kind: "text";
  readonly parts: readonly (string | Expression)[];
  readonly span: Span;
}

/** `(gx, wx: 7)`, `(h, w)`, `(1, 2)`: several axes or numbers as one argument of an operation. */
export interface GroupExpression {
  readonly kind: "group";
  readonly elements: readonly Argument[];
  readonly span: Span;
}

/** `[f(v) for v in views]`; every element shares the weights of the others. */
export interface ComprehensionExpression {
  readonly kind: "comprehension";
  readonly element: Expression;
  readonly generator: Generator;
  readonly span: Span;
}

/** `[x - y for x: 7, y: 7]`: a tensor of numbers that are known, with these axes; each variable is a position along its own. */
export interface TableExpression {
  readonly kind: "table";
  readonly element: Expression;
  readonly axes: readonly { readonly name: Name; readonly size: Expression }[];
  readonly span: Span;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "and"
  | "or";

export interface BinaryExpression {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export interface CallExpression {
  readonly kind: "call";
  readonly target: Expression;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Argument {
  readonly name?: Name;
  readonly value: Expression;
}

/** One step of a pipeline: `source -> label: Target(…)`, `source -> undo view`. */
export interface PipeExpression {
  readonly kind: "pipe";
  readonly source: Expression;
  readonly label?: Name;
  readonly undo: boolean;
  readonly target: Expression;
  readonly span: Span;
}
