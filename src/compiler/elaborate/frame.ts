import type { AppliedLayer } from "../graph/graph.js";
import type { Span } from "../support/source.js";
import type {
  DefinitionStatement,
  LayerDeclaration,
  Name,
  NetworkDeclaration,
  OutputStatement,
} from "../syntax/ast.js";
import type { ModuleScope } from "./modules.js";
import type { SharedInstance, Value } from "./values.js";

/** What defines a cell: a definition, or an output that is one of a family. */
export type CellStatement = DefinitionStatement | (OutputStatement & { readonly name: Name });

/** One definition of a frame, evaluated at most once. */
export interface Cell {
  readonly statement: CellStatement;
  /** `skip`, `enc[2]`. */
  readonly display: string;
  /** For a member of a family: its index, and the variable that holds it in the expression. */
  readonly index?: number;
  readonly variable?: string;
  state:
    | { readonly kind: "waiting" }
    | { readonly kind: "running" }
    | { readonly kind: "failed" }
    | { readonly kind: "done"; readonly value: Value };
  used: boolean;
}

/** Where something is called, and what: a layer that is a value may be another each time. */
export interface Call {
  readonly span: Span;
  readonly callee: string;
}

/** An instance of a layer, or the network: its arguments and definitions. */
export interface Frame {
  readonly declaration: LayerDeclaration | NetworkDeclaration;
  /** For a layer: this application of it, as the graph keeps it. */
  readonly applied?: AppliedLayer;
  readonly scope: ModuleScope;
  /** The path of this instance, which prefixes everything in it: `["unet", "enc", "2"]`. */
  readonly path: readonly string[];
  /** Which instance this is; elements of one comprehension have the same identity, and so the same weights. */
  readonly identity: string;
  /** The comprehension elements it is seen through: `["axial"]`. */
  readonly tags: readonly string[];
  readonly depth: number;
  /** Where the layers around this instance, and it itself, are called, from the network inwards. */
  readonly calls: readonly Call[];
  /** Parameters and inputs. */
  readonly locals: ReadonlyMap<string, Value>;
  /** Definitions without index. */
  readonly cells: Map<string, Cell>;
  /** Families by name (those of outputs by `outputFamily`), then by index; filled when first asked for. */
  readonly families: Map<string, FamilyState>;
}

export interface FamilyState {
  readonly statements: readonly CellStatement[];
  members: Map<number, Cell> | undefined;
  expanding: boolean;
}

/** Where an expression is evaluated: its frame, the variables around it, and how instances in it are named. */
export interface Context {
  readonly frame: Frame;
  readonly variables: ReadonlyMap<string, Value>;
  /** What labels are put under. */
  readonly labelPath: readonly string[];
  /** What an instance without a label is called. */
  readonly defaultPath: readonly string[];
  readonly identity: string;
  readonly tags: readonly string[];
  /** ` for i = 2`, shown beside the place of a mistake. */
  readonly remark?: string;
}

/** The path of an instance that is made here: its own where it is shared, else under its label or its definition. */
export function pathOf(
  { defaultPath, labelPath }: Context,
  label: string | undefined,
  shared: SharedInstance | undefined,
): readonly string[] {
  if (shared) return shared.path;
  return label === undefined ? defaultPath : [...labelPath, label];
}

/** What tells an instance that is made here from all others. */
export function identityAt({ identity }: Context, { file, start }: Span): string {
  return `${identity}/${file.path}:${start}`;
}

/** A place in a definition, with the index it is evaluated for. */
export function placeOf(context: Context, span: Span) {
  return { span, ...(context.remark ? { remark: context.remark } : {}) };
}
