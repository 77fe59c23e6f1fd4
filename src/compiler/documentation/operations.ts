import type { ArgumentSpec, Operation } from "../graph/operation.js";
import { axisTypeNames, defaultOf, meaningOf, typeNames } from "../ops/document.js";
import { namedOperations, operations } from "../ops/index.js";
import type { Entry, EntryMember, Signature } from "./entry.js";

/** Every operation: those that are written by name, then what expressions become. */
export function describeOperations(): readonly Entry[] {
  return operations.map(describeOperation);
}

function describeOperation(operation: Operation): Entry {
  const { name, documentation, arguments: specifications, axisArguments } = operation;
  const underAxes: EntryMember[] = axisArguments
    ? [
        {
          name: "<axis>",
          type: axisTypeNames[axisArguments.kind].replaceAll("`", ""),
          ...(axisArguments.minimum > 0 ? {} : { default: "none" }),
          documentation: axisArguments.documentation,
        },
      ]
    : [];
  const members = [...underAxes, ...specifications.map(describeArgument)];
  return {
    kind: namedOperations.includes(operation) ? "operation" : "implied",
    name,
    signature: signatureOf(operation, members),
    documentation,
    parameters: members,
    inputs: [],
    outputs: [],
  };
}

function describeArgument(specification: ArgumentSpec): EntryMember {
  const shown = defaultOf(specification).replaceAll("`", "");
  return {
    name: specification.name,
    type: typeNames[specification.type],
    ...(shown === "required" ? {} : { default: shown }),
    documentation: meaningOf(specification),
  };
}

/** `input -> Conv(out: int, …)`, `concat(a, b, …, along: axis name)`; what nobody writes by name is its name alone. */
function signatureOf(operation: Operation, members: readonly EntryMember[]): Signature {
  const { name, inputs } = operation;
  if (!namedOperations.includes(operation)) return { head: name, parameters: [], tail: "" };
  const shown = members.map(
    ({ name: member, type, default: value }) =>
      `${member}: ${type}${value === undefined ? "" : ` = ${value}`}`,
  );
  if (inputs.maximum > 1) {
    const tensors = inputs.maximum > 2 ? ["a", "b", "…"] : ["a", "b"];
    return { head: `${name}(`, parameters: [...tensors, ...shown], tail: ")" };
  }
  if (shown.length === 0) return { head: `input -> ${name}`, parameters: [], tail: "" };
  return { head: `input -> ${name}(`, parameters: shown, tail: ")" };
}
