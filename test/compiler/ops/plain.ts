/** Tensors as plain arrays, with views done element by element: what the operations' results are compared with. */

export interface Plain {
  readonly axes: readonly { readonly name: string; readonly size: number }[];
  readonly values: readonly number[];
}

type Position = Readonly<Record<string, number>>;

/** A tensor made from a function of the positions along its axes. */
export function plainOf(axes: Plain["axes"], value: (position: Position) => number): Plain {
  const count = axes.reduce((product, { size }) => product * size, 1);
  const values = Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    const position: Record<string, number> = {};
    for (const { name, size } of axes.toReversed()) {
      position[name] = rest % size;
      rest = Math.floor(rest / size);
    }
    return value(position);
  });
  return { axes, values };
}

/** The element at a position. */
export function elementAt({ axes, values }: Plain, position: Position): number {
  const flat = axes.reduce((index, { name, size }) => {
    const at = position[name] as number;
    if (!(at >= 0 && at < size)) throw new Error(`${name} has no position ${at}`);
    return index * size + at;
  }, 0);
  return values[flat] as number;
}

export function sizeOf({ axes }: Plain, name: string): number {
  const axis = axes.find((candidate) => candidate.name === name);
  if (!axis) throw new Error(`no axis ${name}`);
  return axis.size;
}

export function plainSplit(tensor: Plain, axis: string, parts: Plain["axes"]): Plain {
  const axes = tensor.axes.flatMap((own) => (own.name === axis ? parts : [own]));
  return plainOf(axes, (position) => {
    const at = parts.reduce((index, { name, size }) => index * size + (position[name] as number), 0);
    return elementAt(tensor, { ...position, [axis]: at });
  });
}

export function plainMerge(tensor: Plain, axis: string, parts: readonly string[]): Plain {
  const size = parts.reduce((product, part) => product * sizeOf(tensor, part), 1);
  const axes = tensor.axes.flatMap((own) => {
    if (own.name === parts[0]) return [{ name: axis, size }];
    return parts.includes(own.name) ? [] : [own];
  });
  return plainOf(axes, (position) => {
    let rest = position[axis] as number;
    const source: Record<string, number> = { ...position };
    for (const part of parts.toReversed()) {
      source[part] = rest % sizeOf(tensor, part);
      rest = Math.floor(rest / sizeOf(tensor, part));
    }
    return elementAt(tensor, source);
  });
}

export function plainOrder(tensor: Plain, names: readonly string[]): Plain {
  const axes = names.map((name) => ({ name, size: sizeOf(tensor, name) }));
  return plainOf(axes, (position) => elementAt(tensor, position));
}

export function plainRename(tensor: Plain, names: Readonly<Record<string, string>>): Plain {
  return { ...tensor, axes: tensor.axes.map(({ name, size }) => ({ name: names[name] ?? name, size })) };
}

/** Each position of an axis of so many comes from another position of it. */
export function plainGather(
  tensor: Plain,
  axis: string,
  count: number,
  source: (position: number, size: number) => number,
): Plain {
  const size = sizeOf(tensor, axis);
  const axes = tensor.axes.map((own) => (own.name === axis ? { name: axis, size: count } : own));
  return plainOf(axes, (position) =>
    elementAt(tensor, { ...position, [axis]: source(position[axis] as number, size) }),
  );
}

export function plainDrop(tensor: Plain, axis: string, at: number): Plain {
  return plainOf(
    tensor.axes.filter(({ name }) => name !== axis),
    (position) => elementAt(tensor, { ...position, [axis]: at }),
  );
}
