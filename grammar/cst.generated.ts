// Generated from parser.ts by npm run generate. Do not edit.
import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  DocComment?: IToken[];
  use?: UseCstNode[];
  constant?: ConstantCstNode[];
  fn?: FnCstNode[];
  view?: ViewCstNode[];
  layer?: LayerCstNode[];
  network?: NetworkCstNode[];
  checkpoint?: CheckpointCstNode[];
  pipeline?: PipelineCstNode[];
};

export interface UseCstNode extends CstNode {
  name: "use";
  children: UseCstChildren;
}

export type UseCstChildren = {
  Use: IToken[];
  Text?: IToken[];
  module?: IToken[];
  Dot?: IToken[];
  LeftCurly: IToken[];
  imported: IToken[];
  Comma?: IToken[];
  RightCurly: IToken[];
};

export interface ConstantCstNode extends CstNode {
  name: "constant";
  children: ConstantCstChildren;
}

export type ConstantCstChildren = {
  Const: IToken[];
  Identifier: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface FnCstNode extends CstNode {
  name: "fn";
  children: FnCstChildren;
}

export type FnCstChildren = {
  Fn: IToken[];
  Identifier: IToken[];
  parameters: ParametersCstNode[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface ViewCstNode extends CstNode {
  name: "view";
  children: ViewCstChildren;
}

export type ViewCstChildren = {
  View: IToken[];
  Identifier: IToken[];
  LeftCurly: IToken[];
  role: RoleCstNode[];
  Comma?: IToken[];
  RightCurly: IToken[];
};

export interface RoleCstNode extends CstNode {
  name: "role";
  children: RoleCstChildren;
}

export type RoleCstChildren = {
  role: IToken[];
  Colon: IToken[];
  axis: IToken[];
};

export interface LayerCstNode extends CstNode {
  name: "layer";
  children: LayerCstChildren;
}

export type LayerCstChildren = {
  Layer: IToken[];
  Identifier: IToken[];
  parameters?: ParametersCstNode[];
  body: BodyCstNode[];
};

export interface NetworkCstNode extends CstNode {
  name: "network";
  children: NetworkCstChildren;
}

export type NetworkCstChildren = {
  Network: IToken[];
  Identifier: IToken[];
  parameters?: ParametersCstNode[];
  body: BodyCstNode[];
};

export interface CheckpointCstNode extends CstNode {
  name: "checkpoint";
  children: CheckpointCstChildren;
}

export type CheckpointCstChildren = {
  Checkpoint: IToken[];
  Identifier: IToken[];
  For: IToken[];
  network: IToken[];
  LeftCurly: IToken[];
  mapping?: MappingCstNode[];
  ignored?: IgnoredCstNode[];
  RightCurly: IToken[];
};

export interface IgnoredCstNode extends CstNode {
  name: "ignored";
  children: IgnoredCstChildren;
}

export type IgnoredCstChildren = {
  Ignore: IToken[];
  Text: IToken[];
};

export interface MappingCstNode extends CstNode {
  name: "mapping";
  children: MappingCstChildren;
}

export type MappingCstChildren = {
  segment: SegmentCstNode[];
  Dot?: IToken[];
  Equals: IToken[];
  Text: IToken[];
};

export interface SegmentCstNode extends CstNode {
  name: "segment";
  children: SegmentCstChildren;
}

export type SegmentCstChildren = {
  Identifier?: IToken[];
  Integer?: IToken[];
  capture?: CaptureCstNode[];
};

export interface CaptureCstNode extends CstNode {
  name: "capture";
  children: CaptureCstChildren;
}

export type CaptureCstChildren = {
  LeftCurly: IToken[];
  Identifier: IToken[];
  Times?: IToken[];
  RightCurly: IToken[];
};

export interface PipelineCstNode extends CstNode {
  name: "pipeline";
  children: PipelineCstChildren;
}

export type PipelineCstChildren = {
  Pipeline: IToken[];
  Identifier: IToken[];
  For: IToken[];
  network: IToken[];
  settings?: SettingsCstNode[];
  LeftCurly: IToken[];
  property?: PropertyCstNode[];
  labels?: LabelsCstNode[];
  RightCurly: IToken[];
};

export interface SettingsCstNode extends CstNode {
  name: "settings";
  children: SettingsCstChildren;
}

export type SettingsCstChildren = {
  LeftParen: IToken[];
  argument?: ArgumentCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface PropertyCstNode extends CstNode {
  name: "property";
  children: PropertyCstChildren;
}

export type PropertyCstChildren = {
  Identifier: IToken[];
  Colon: IToken[];
  expression: ExpressionCstNode[];
  unit?: IToken[];
};

export interface LabelsCstNode extends CstNode {
  name: "labels";
  children: LabelsCstChildren;
}

export type LabelsCstChildren = {
  Identifier: IToken[];
  LeftCurly: IToken[];
  label?: LabelCstNode[];
  RightCurly: IToken[];
};

export interface LabelCstNode extends CstNode {
  name: "label";
  children: LabelCstChildren;
}

export type LabelCstChildren = {
  Integer: IToken[];
  Colon: IToken[];
  Text: IToken[];
  colour?: IToken[];
};

export interface ParametersCstNode extends CstNode {
  name: "parameters";
  children: ParametersCstChildren;
}

export type ParametersCstChildren = {
  LeftParen: IToken[];
  parameter?: (ParameterCstNode)[];
  Comma?: (IToken)[];
  RightParen: IToken[];
};

export interface ParameterCstNode extends CstNode {
  name: "parameter";
  children: ParameterCstChildren;
}

export type ParameterCstChildren = {
  DocComment?: IToken[];
  Identifier: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  Identifier?: IToken[];
  LeftSquare?: IToken[];
  type?: TypeCstNode[];
  RightSquare?: IToken[];
};

export interface BodyCstNode extends CstNode {
  name: "body";
  children: BodyCstChildren;
}

export type BodyCstChildren = {
  LeftCurly: IToken[];
  statement?: StatementCstNode[];
  RightCurly: IToken[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  DocComment?: IToken[];
  inputDeclaration?: InputDeclarationCstNode[];
  freeParameter?: FreeParameterCstNode[];
  outputStatement?: OutputStatementCstNode[];
  requirement?: RequirementCstNode[];
  definition?: DefinitionCstNode[];
};

export interface InputDeclarationCstNode extends CstNode {
  name: "inputDeclaration";
  children: InputDeclarationCstChildren;
}

export type InputDeclarationCstChildren = {
  Input: IToken[];
  Identifier: IToken[];
  Colon: IToken[];
  tensorType: TensorTypeCstNode[];
};

export interface FreeParameterCstNode extends CstNode {
  name: "freeParameter";
  children: FreeParameterCstChildren;
}

export type FreeParameterCstChildren = {
  Param: IToken[];
  Identifier: IToken[];
  Colon: IToken[];
  tensorType: TensorTypeCstNode[];
  Init?: IToken[];
  distribution?: IToken[];
  LeftParen?: IToken[];
  expression?: ExpressionCstNode[];
  RightParen?: IToken[];
};

export interface TensorTypeCstNode extends CstNode {
  name: "tensorType";
  children: TensorTypeCstChildren;
}

export type TensorTypeCstChildren = {
  Identifier: IToken[];
  LeftSquare: IToken[];
  axis: AxisCstNode[];
  Comma?: IToken[];
  RightSquare: IToken[];
};

export interface AxisCstNode extends CstNode {
  name: "axis";
  children: AxisCstChildren;
}

export type AxisCstChildren = {
  Identifier: IToken[];
  Colon?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface OutputStatementCstNode extends CstNode {
  name: "outputStatement";
  children: OutputStatementCstChildren;
}

export type OutputStatementCstChildren = {
  Output: IToken[];
  Identifier?: IToken[];
  LeftSquare?: IToken[];
  index?: ExpressionCstNode[];
  RightSquare?: IToken[];
  Equals?: IToken[];
  expression: ExpressionCstNode[];
  generator?: GeneratorCstNode[];
};

export interface RequirementCstNode extends CstNode {
  name: "requirement";
  children: RequirementCstChildren;
}

export type RequirementCstChildren = {
  Require: IToken[];
  expression: ExpressionCstNode[];
  Comma: IToken[];
  Text: IToken[];
};

export interface DefinitionCstNode extends CstNode {
  name: "definition";
  children: DefinitionCstChildren;
}

export type DefinitionCstChildren = {
  Shared?: IToken[];
  Unused?: IToken[];
  Identifier: IToken[];
  LeftSquare?: IToken[];
  index?: ExpressionCstNode[];
  RightSquare?: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
  generator?: GeneratorCstNode[];
};

export interface GeneratorCstNode extends CstNode {
  name: "generator";
  children: GeneratorCstChildren;
}

export type GeneratorCstChildren = {
  For: IToken[];
  Identifier: IToken[];
  In: IToken[];
  disjunction: DisjunctionCstNode[];
  Range?: IToken[];
  RangeBelow?: IToken[];
  last?: DisjunctionCstNode[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  disjunction: DisjunctionCstNode[];
  Arrow?: IToken[];
  stage?: StageCstNode[];
};

export interface StageCstNode extends CstNode {
  name: "stage";
  children: StageCstChildren;
}

export type StageCstChildren = {
  Undo?: IToken[];
  undone?: PostfixCstNode[];
  label?: IToken[];
  Colon?: IToken[];
  postfix?: (PostfixCstNode)[];
};

export interface DisjunctionCstNode extends CstNode {
  name: "disjunction";
  children: DisjunctionCstChildren;
}

export type DisjunctionCstChildren = {
  conjunction: (ConjunctionCstNode)[];
  operator?: IToken[];
};

export interface ConjunctionCstNode extends CstNode {
  name: "conjunction";
  children: ConjunctionCstChildren;
}

export type ConjunctionCstChildren = {
  negation: (NegationCstNode)[];
  operator?: IToken[];
};

export interface NegationCstNode extends CstNode {
  name: "negation";
  children: NegationCstChildren;
}

export type NegationCstChildren = {
  Not?: IToken[];
  comparison: ComparisonCstNode[];
};

export interface ComparisonCstNode extends CstNode {
  name: "comparison";
  children: ComparisonCstChildren;
}

export type ComparisonCstChildren = {
  additive: (AdditiveCstNode)[];
  operator?: (IToken)[];
};

export interface AdditiveCstNode extends CstNode {
  name: "additive";
  children: AdditiveCstChildren;
}

export type AdditiveCstChildren = {
  multiplicative: (MultiplicativeCstNode)[];
  operator?: (IToken)[];
};

export interface MultiplicativeCstNode extends CstNode {
  name: "multiplicative";
  children: MultiplicativeCstChildren;
}

export type MultiplicativeCstChildren = {
  unary: (UnaryCstNode)[];
  operator?: (IToken)[];
};

export interface UnaryCstNode extends CstNode {
  name: "unary";
  children: UnaryCstChildren;
}

export type UnaryCstChildren = {
  Minus?: IToken[];
  postfix: PostfixCstNode[];
};

export interface PostfixCstNode extends CstNode {
  name: "postfix";
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  primary: PrimaryCstNode[];
  suffix?: SuffixCstNode[];
};

export interface SuffixCstNode extends CstNode {
  name: "suffix";
  children: SuffixCstChildren;
}

export type SuffixCstChildren = {
  Dot?: IToken[];
  member?: IToken[];
  LeftParen?: IToken[];
  argument?: ArgumentCstNode[];
  Comma?: IToken[];
  RightParen?: IToken[];
  LeftSquare?: IToken[];
  subscript?: SubscriptCstNode[];
  RightSquare?: IToken[];
};

export interface SubscriptCstNode extends CstNode {
  name: "subscript";
  children: SubscriptCstChildren;
}

export type SubscriptCstChildren = {
  slice?: SliceCstNode[];
  Comma?: IToken[];
  index?: ExpressionCstNode[];
};

export interface SliceCstNode extends CstNode {
  name: "slice";
  children: SliceCstChildren;
}

export type SliceCstChildren = {
  Identifier: IToken[];
  Colon: IToken[];
  first?: DisjunctionCstNode[];
  Range?: (IToken)[];
  last?: (DisjunctionCstNode)[];
  RangeBelow?: (IToken)[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Identifier?: IToken[];
  Colon?: IToken[];
  expression: ExpressionCstNode[];
  generator?: GeneratorCstNode[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  Integer?: IToken[];
  Float?: IToken[];
  SizeLiteral?: IToken[];
  Text?: IToken[];
  True?: IToken[];
  False?: IToken[];
  Identifier?: IToken[];
  parenthesized?: ParenthesizedCstNode[];
  list?: ListCstNode[];
  conditional?: ConditionalCstNode[];
};

export interface ParenthesizedCstNode extends CstNode {
  name: "parenthesized";
  children: ParenthesizedCstChildren;
}

export type ParenthesizedCstChildren = {
  LeftParen: IToken[];
  element: (ElementCstNode)[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface ElementCstNode extends CstNode {
  name: "element";
  children: ElementCstChildren;
}

export type ElementCstChildren = {
  Identifier?: IToken[];
  Colon?: IToken[];
  expression: ExpressionCstNode[];
};

export interface PositionsCstNode extends CstNode {
  name: "positions";
  children: PositionsCstChildren;
}

export type PositionsCstChildren = {
  For: IToken[];
  position: PositionCstNode[];
  Comma?: IToken[];
};

export interface PositionCstNode extends CstNode {
  name: "position";
  children: PositionCstChildren;
}

export type PositionCstChildren = {
  Identifier: IToken[];
  Colon: IToken[];
  disjunction: DisjunctionCstNode[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LeftSquare: IToken[];
  expression?: (ExpressionCstNode)[];
  generator?: GeneratorCstNode[];
  positions?: PositionsCstNode[];
  Comma?: IToken[];
  RightSquare: IToken[];
};

export interface ConditionalCstNode extends CstNode {
  name: "conditional";
  children: ConditionalCstChildren;
}

export type ConditionalCstChildren = {
  If: IToken[];
  condition: DisjunctionCstNode[];
  Then: IToken[];
  whenTrue: ExpressionCstNode[];
  Else: IToken[];
  whenFalse: ExpressionCstNode[];
};

export interface ICstNodeVisitor<IN, OUT> extends ICstVisitor<IN, OUT> {
  declaration(children: DeclarationCstChildren, param?: IN): OUT;
  use(children: UseCstChildren, param?: IN): OUT;
  constant(children: ConstantCstChildren, param?: IN): OUT;
  fn(children: FnCstChildren, param?: IN): OUT;
  view(children: ViewCstChildren, param?: IN): OUT;
  role(children: RoleCstChildren, param?: IN): OUT;
  layer(children: LayerCstChildren, param?: IN): OUT;
  network(children: NetworkCstChildren, param?: IN): OUT;
  checkpoint(children: CheckpointCstChildren, param?: IN): OUT;
  ignored(children: IgnoredCstChildren, param?: IN): OUT;
  mapping(children: MappingCstChildren, param?: IN): OUT;
  segment(children: SegmentCstChildren, param?: IN): OUT;
  capture(children: CaptureCstChildren, param?: IN): OUT;
  pipeline(children: PipelineCstChildren, param?: IN): OUT;
  settings(children: SettingsCstChildren, param?: IN): OUT;
  property(children: PropertyCstChildren, param?: IN): OUT;
  labels(children: LabelsCstChildren, param?: IN): OUT;
  label(children: LabelCstChildren, param?: IN): OUT;
  parameters(children: ParametersCstChildren, param?: IN): OUT;
  parameter(children: ParameterCstChildren, param?: IN): OUT;
  type(children: TypeCstChildren, param?: IN): OUT;
  body(children: BodyCstChildren, param?: IN): OUT;
  statement(children: StatementCstChildren, param?: IN): OUT;
  inputDeclaration(children: InputDeclarationCstChildren, param?: IN): OUT;
  freeParameter(children: FreeParameterCstChildren, param?: IN): OUT;
  tensorType(children: TensorTypeCstChildren, param?: IN): OUT;
  axis(children: AxisCstChildren, param?: IN): OUT;
  outputStatement(children: OutputStatementCstChildren, param?: IN): OUT;
  requirement(children: RequirementCstChildren, param?: IN): OUT;
  definition(children: DefinitionCstChildren, param?: IN): OUT;
  generator(children: GeneratorCstChildren, param?: IN): OUT;
  expression(children: ExpressionCstChildren, param?: IN): OUT;
  stage(children: StageCstChildren, param?: IN): OUT;
  disjunction(children: DisjunctionCstChildren, param?: IN): OUT;
  conjunction(children: ConjunctionCstChildren, param?: IN): OUT;
  negation(children: NegationCstChildren, param?: IN): OUT;
  comparison(children: ComparisonCstChildren, param?: IN): OUT;
  additive(children: AdditiveCstChildren, param?: IN): OUT;
  multiplicative(children: MultiplicativeCstChildren, param?: IN): OUT;
  unary(children: UnaryCstChildren, param?: IN): OUT;
  postfix(children: PostfixCstChildren, param?: IN): OUT;
  suffix(children: SuffixCstChildren, param?: IN): OUT;
  subscript(children: SubscriptCstChildren, param?: IN): OUT;
  slice(children: SliceCstChildren, param?: IN): OUT;
  argument(children: ArgumentCstChildren, param?: IN): OUT;
  primary(children: PrimaryCstChildren, param?: IN): OUT;
  parenthesized(children: ParenthesizedCstChildren, param?: IN): OUT;
  element(children: ElementCstChildren, param?: IN): OUT;
  positions(children: PositionsCstChildren, param?: IN): OUT;
  position(children: PositionCstChildren, param?: IN): OUT;
  list(children: ListCstChildren, param?: IN): OUT;
  conditional(children: ConditionalCstChildren, param?: IN): OUT;
}
