type Triple = readonly [number, number, number];

/**
 * Tells, for each point, how far the nearest feature is: the exact Euclidean distance transform, computed where it is
 * asked for.
 *
 * Squares of distances are minimized axis by axis (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled
 * Functions", 2012), in time linear in the number of voxels. Along axis 0 a whole number of voxels is enough, and the
 * other two axes need one plane at a time, so that beside the masks only two or four bytes per voxel are held.
 *
 * @param features row-major, not 0 where there is one
 * @param points row-major, not 0 where the distance is wanted
 * @param spacing of voxels along each axis, in mm
 * @param visit is given what stands in `points`, and the distance in mm: infinity where there are no features
 */
export function distancesAt(
  points: Uint8Array,
  features: Uint8Array,
  size: Triple,
  spacing: Triple,
  visit: (point: number, distance: number) => void,
): void {
  const [planes, rows, columns] = size;
  const area = rows * columns;
  const steps = stepsAlongFirstAxis(features, planes, area);
  const squares = new Float64Array(area);
  const alongRows = createEnvelope(rows, spacing[1]);
  const alongColumns = createEnvelope(columns, spacing[2]);
  for (let plane = 0; plane < planes; plane++) {
    const start = plane * area;
    const wanted = rowsWithPoints(points, start, rows, columns);
    if (wanted.length === 0) continue;
    for (let index = 0; index < area; index++) {
      const count = steps.values[start + index] as number;
      squares[index] = count === steps.none ? Number.POSITIVE_INFINITY : (count * spacing[0]) ** 2;
    }
    for (let column = 0; column < columns; column++) alongRows(squares, column, columns);
    for (const row of wanted) {
      alongColumns(squares, row * columns, 1);
      for (let column = 0; column < columns; column++) {
        const point = points[start + row * columns + column] as number;
        if (point !== 0) visit(point, Math.sqrt(squares[row * columns + column] as number));
      }
    }
  }
}

function rowsWithPoints(points: Uint8Array, start: number, rows: number, columns: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) {
    const from = start + row * columns;
    for (let index = from; index < from + columns; index++) {
      if (points[index] === 0) continue;
      found.push(row);
      break;
    }
  }
  return found;
}

/** For each voxel, how many voxels away the nearest feature in its line along axis 0 is. */
function stepsAlongFirstAxis(
  features: Uint8Array,
  planes: number,
  area: number,
): { readonly values: Uint16Array | Uint32Array; readonly none: number } {
  const values = planes < 0xffff ? new Uint16Array(planes * area) : new Uint32Array(planes * area);
  const none = planes < 0xffff ? 0xffff : 0xffffffff;
  for (let index = 0; index < values.length; index++) {
    const before = index < area ? none : (values[index - area] as number);
    values[index] = features[index] !== 0 ? 0 : before === none ? none : before + 1;
  }
  for (let index = values.length - area - 1; index >= 0; index--) {
    const behind = values[index + area] as number;
    if (behind !== none && behind + 1 < (values[index] as number)) values[index] = behind + 1;
  }
  return { values, none };
}

/**
 * Replaces values f along a line by min over q of f(q) + (spacing * (p - q))², the lower envelope of parabolas. A
 * distance comes out as the square of each axis' part, added in the order of the axes, each rounded once.
 */
function createEnvelope(length: number, spacing: number) {
  const values = new Float64Array(length);
  /** The parabolas of the envelope, by the place of their vertex, and from where on each is the lowest. */
  const vertices = new Int32Array(length);
  const from = new Float64Array(length + 1);
  const doubled = 2 * spacing * spacing;
  return (data: Float64Array, start: number, stride: number): void => {
    let last = -1;
    for (let place = 0; place < length; place++) {
      const value = data[start + place * stride] as number;
      values[place] = value;
      if (value === Number.POSITIVE_INFINITY) continue;
      let crossing = Number.NEGATIVE_INFINITY;
      while (last >= 0) {
        const vertex = vertices[last] as number;
        crossing = (value - (values[vertex] as number)) / (doubled * (place - vertex)) + (place + vertex) / 2;
        if (crossing > (from[last] as number)) break;
        last--;
        crossing = Number.NEGATIVE_INFINITY;
      }
      last++;
      vertices[last] = place;
      from[last] = crossing;
    }
    if (last < 0) return;
    from[last + 1] = Number.POSITIVE_INFINITY;
    let lowest = 0;
    for (let place = 0; place < length; place++) {
      while ((from[lowest + 1] as number) < place) lowest++;
      const vertex = vertices[lowest] as number;
      data[start + place * stride] = (values[vertex] as number) + ((place - vertex) * spacing) ** 2;
    }
  };
}
