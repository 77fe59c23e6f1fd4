import {
  duplicateName,
  misplacedStatement,
  rangeWithoutIndex,
  tensorSetting,
  unknownName,
} from "../diagnostics/catalogue/names.js";
import { wrongCase } from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose, SlabFailure } from "../diagnostics/diagnostic.js";
import { positionOf } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type {
  Argument,
  CheckpointDeclaration,
  DefinitionStatement,
  Expression,
  LayerDeclaration,
  Name,
  NetworkDeclaration,
  OutputStatement,
  ParameterDeclaration,
} from "../syntax/ast.js";
import { childExpressions } from "../syntax/visit.js";
import { writtenOperations } from "./apply-operation.js";
import { builtins } from "./functions.js";
import type { ModuleScope } from "./modules.js";
import { checkType } from "./types.js";

/** Finds unknown names, types and badly written names in everything that a file declares, whether it is used or not. */
export function resolveNames(scope: ModuleScope): Diagnostic[] {
  return new NameResolver(scope).run();
}

class NameResolver {
  private readonly found: Diagnostic[] = [];
  private readonly global: ReadonlySet<string>;
  /** The outputs of the network that is looked at. */
  private outputs: ReadonlyMap<string, Name> = new Map();

  constructor(private readonly scope: ModuleScope) {
    this.global = new Set([...scope.names.keys(), ...writtenOperations.keys(), ...builtins]);
  }

  run(): Diagnostic[] {
    for (const declaration of this.scope.module.declarations) {
      switch (declaration.kind) {
        case "const":
          this.expression(declaration.value, new Set());
          break;
        case "fn":
          this.expression(declaration.value, this.parameters(declaration.parameters));
          break;
        case "layer":
        case "network":
          this.camelCase(declaration.name, declaration.kind);
          this.block(declaration);
          break;
        case "checkpoint":
          this.checkpoint(declaration);
          break;
        case "pipeline":
          for (const { value } of declaration.settings) this.expression(value, new Set());
          break;
      }
    }
    return this.found;
  }

  private block(declaration: LayerDeclaration | NetworkDeclaration): void {
    const names = new Set(this.parameters(declaration.parameters, declaration.kind === "network"));
    this.outputs = new Map();
    if (declaration.kind === "layer") names.add("input");
    this.ports(declaration);
    let unnamedOutput = false;
    for (const statement of declaration.body) {
      if (statement.kind === "definition" || statement.kind === "input") {
        this.snakeCase(statement.name, statement.kind === "input" ? "input" : "the name");
        names.add(statement.name.text);
      }
      if (statement.kind === "input" && declaration.kind === "layer") {
        const help = "a layer's input is called input; what goes into it stands before the arrow";
        this.found.push(
          diagnose(misplacedStatement, { what: "input", where: "layer", help }, { span: statement.span }),
        );
      }
      if (statement.kind === "output" && declaration.kind === "network" && !statement.name) {
        const help = "name it, as it will be called in the ONNX file: output logits = …";
        this.found.push(
          diagnose(
            misplacedStatement,
            { what: "an output without a name", where: "network", help },
            { span: statement.span },
          ),
        );
      }
      if (statement.kind === "output" && declaration.kind === "layer" && !statement.name) {
        if (unnamedOutput) {
          const help = "a layer has one output without a name; give others one: output deep = …";
          const args = { what: "a second output without a name", where: "layer", help };
          this.found.push(diagnose(misplacedStatement, args, { span: statement.span }));
        }
        unnamedOutput = true;
      }
      if (statement.kind === "definition" || statement.kind === "output") this.rangeHasIndex(statement);
    }
    for (const statement of declaration.body) {
      switch (statement.kind) {
        case "input":
          for (const { size } of statement.axes) if (size) this.expression(size, names);
          break;
        case "output":
        case "definition": {
          const local = new Set(names);
          if (statement.generator) {
            this.expression(statement.generator.from, names);
            if (statement.generator.to) this.expression(statement.generator.to, names);
            local.add(statement.generator.variable.text);
          }
          if (statement.index) this.index(statement.index, statement.generator?.variable.text, local);
          this.expression(statement.value, local);
          break;
        }
        case "require":
          this.expression(statement.condition, names);
          this.expression(statement.message, names);
          break;
      }
    }
  }

  /** The index of a member: the variable of the range, or what is computed of it. */
  private index(index: Expression, variable: string | undefined, names: ReadonlySet<string>): void {
    const isOther = index.kind === "name" && !names.has(index.name) && !this.global.has(index.name);
    if (!isOther || variable === undefined) {
      this.expression(index, names);
      return;
    }
    const help = `the range's variable is ${variable}: write [${variable}], or for ${index.name} in …`;
    this.found.push(diagnose(unknownName, { name: index.name, help }, { span: index.span }));
  }

  /** Inputs share their names with parameters, outputs have names of their own: both name ports of the ONNX file. */
  private ports(declaration: LayerDeclaration | NetworkDeclaration): void {
    const named = new Map(declaration.parameters.map(({ name }) => [name.text, name]));
    const outputs = new Map<string, Name>();
    const families = new Set<string>();
    for (const statement of declaration.body) {
      if (statement.kind === "input" && declaration.kind === "network")
        this.once(statement.name, "the name", named);
      if (statement.kind !== "output" || !statement.name) continue;
      this.snakeCase(statement.name, "the output");
      const { text } = statement.name;
      // A family of outputs may have several statements, as one of definitions may.
      if (statement.index && families.has(text)) continue;
      if (statement.index) families.add(text);
      this.once(statement.name, "the output", outputs);
    }
    const inputs = declaration.body.filter((statement) => statement.kind === "input");
    for (const { name } of inputs) {
      const output = outputs.get(name.text);
      if (output) this.once(output, "the name", new Map([[name.text, name]]));
    }
    this.outputs = outputs;
  }

  /** `x = … for i in 1..3` is neither a family nor a list. */
  private rangeHasIndex({ name, index, generator, kind }: DefinitionStatement | OutputStatement): void {
    if (!generator || index) return;
    const args = { name: name?.text ?? kind, variable: generator.variable.text };
    this.found.push(diagnose(rangeWithoutIndex, args, { span: generator.span }));
  }

  private once(name: Name, what: string, taken: Map<string, Name>): void {
    const first = taken.get(name.text);
    if (!first) {
      taken.set(name.text, name);
      return;
    }
    const firstLine = positionOf(first.span.file, first.span.start).line;
    this.found.push(diagnose(duplicateName, { name: name.text, what, firstLine }, { span: name.span }));
  }

  /** Rules use what their pattern captures, and the network's parameters. */
  private checkpoint({ network, rules }: CheckpointDeclaration): void {
    const target = this.scope.names.get(network.text)?.declaration;
    if (target?.kind !== "network") return;
    const settings = target.parameters.map(({ name }) => name.text);
    for (const { pattern, target } of rules) {
      const captures = pattern.flat().flatMap((part) => (part.kind === "literal" ? [] : [part.name.text]));
      this.expression(target, new Set([...settings, ...captures]));
    }
  }

  private parameters(parameters: readonly ParameterDeclaration[], isNetwork = false): Set<string> {
    const names = new Map<string, Name>();
    for (const parameter of parameters) {
      try {
        checkType(parameter.type);
      } catch (failure) {
        if (!(failure instanceof SlabFailure)) throw failure;
        this.found.push(...failure.diagnostics);
      }
      if (isNetwork && parameter.type.text.replace(/[[\]]/g, "") === "tensor") {
        const args = { name: parameter.name.text };
        this.found.push(diagnose(tensorSetting, args, { span: parameter.type.span }));
      }
      if (parameter.default) this.expression(parameter.default, new Set(names.keys()));
      this.once(parameter.name, "the parameter", names);
    }
    return new Set(names.keys());
  }

  private expression(expression: Expression, names: ReadonlySet<string>): void {
    if (expression.kind === "name") {
      if (names.has(expression.name) || this.global.has(expression.name)) return;
      const [suggestion] = suggestions(expression.name, [...names, ...this.global]);
      const { name } = expression;
      const help = this.outputs.has(name)
        ? `an output is not a definition; write ${name} = … and then output ${name} = ${name}`
        : wordsElsewhere.get(name);
      const args = { name, ...(suggestion ? { suggestion } : {}), ...(help ? { help } : {}) };
      this.found.push(diagnose(unknownName, args, { span: expression.span }));
    } else if (expression.kind === "comprehension") {
      this.expression(expression.generator.from, names);
      if (expression.generator.to) this.expression(expression.generator.to, names);
      this.expression(expression.element, new Set([...names, expression.generator.variable.text]));
    } else if (expression.kind === "table") {
      for (const { name, size } of expression.axes) {
        this.snakeCase(name, "the axis");
        this.expression(size, names);
      }
      const positions = expression.axes.map(({ name }) => name.text);
      this.expression(expression.element, new Set([...names, ...positions]));
    } else if (expression.kind === "call") {
      this.expression(expression.target, names);
      expression.arguments.forEach((argument, index) => {
        this.argument(expression.target, argument, index, names);
      });
    } else {
      if (expression.kind === "pipe" && expression.label) this.snakeCase(expression.label, "the label");
      for (const child of childExpressions(expression)) this.expression(child, names);
    }
  }

  /** Axis arguments are bare names: `Shift(s, fold)`, `along: c`, `merge(t: (wx, wy))`; in parts, sizes are values. */
  private argument(target: Expression, argument: Argument, index: number, names: ReadonlySet<string>): void {
    // What a parameter of type layer takes is not known here: its bare names are looked up where it is applied.
    const isUnknown = target.kind !== "name" || names.has(target.name);
    const operation = isUnknown ? undefined : writtenOperations.get(target.name);
    const specs = operation?.arguments ?? [];
    const { name, value } = argument;
    const spec = name
      ? specs.find((candidate) => candidate.name === name.text)
      : specs[0]?.variadic
        ? specs[0]
        : specs[index];
    // That it has no such argument is said where it is applied, and is what is wrong.
    if (operation && name && !spec && !operation.axisArguments) return;
    const kind = spec ? spec.type : name && operation?.axisArguments?.kind;
    const isBare = isUnknown || kind === "axis" || kind === "axes" || kind === "parts";
    const elements = isBare && value.kind === "group" ? value.elements : [{ value }];
    for (const element of elements) {
      if (!(isBare && !("name" in element) && element.value.kind === "name"))
        this.expression(element.value, names);
    }
  }

  private snakeCase({ text, span }: Name, what: string): void {
    if (/^[a-z_][a-z0-9_]*$/.test(text)) return;
    const snake = text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
    const args = {
      name: text,
      what,
      style: "snake_case",
      suggestion: `write ${snake}: it is part of the weights' paths`,
    };
    this.found.push(diagnose(wrongCase, args, { span }));
  }

  private camelCase({ text, span }: Name, what: string): void {
    if (/^[A-Z][A-Za-z0-9]*$/.test(text)) return;
    const camel = text.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    this.found.push(
      diagnose(wrongCase, { name: text, what, style: "CamelCase", suggestion: `write ${camel}` }, { span }),
    );
  }
}

/** What other languages call what Slab calls otherwise. */
const wordsElsewhere: ReadonlyMap<string, string> = new Map([
  ["True", "write true"],
  ["False", "write false"],
  ["None", "leave the argument out where it may be absent"],
  ["null", "leave the argument out where it may be absent"],
]);
