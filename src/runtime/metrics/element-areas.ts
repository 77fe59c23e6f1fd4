import { known } from "../../compiler/support/invariant.js";

type Point = readonly [number, number, number];

/** A triangle of the surface by its normal on a unit cube, as long as the triangle is large. */
type Normal = readonly [number, number, number];

/** Which of the eight voxels around a point is voxel (i, j, k), each 0 or 1, by its bit in a neighbour code. */
export function neighbourBit(i: number, j: number, k: number): number {
  return 128 >> (4 * i + 2 * j + k);
}

/** The six faces of the cube between the middles of eight voxels, each with its corners in turn. */
const faces: readonly (readonly Point[])[] = [0, 1, 2].flatMap((normal) =>
  [0, 1].map((side) =>
    [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ].map(([first, second]) => {
      const corner = [first, second] as number[];
      corner.splice(normal, 0, side);
      return corner as unknown as Point;
    }),
  ),
);

let unitNormals: readonly (readonly Normal[])[] | undefined;

/**
 * The area in mm² of the surface that passes between eight voxels, for each of the 256 ways in which they lie inside and
 * outside (bits as `neighbourBit`); 0 where all are on one side.
 *
 * It is the surface of marching cubes (Lorensen and Cline, 1987) through the middles of edges, with three rules where
 * that leaves a choice: at most four voxels are taken to be inside (otherwise the others are); on a face that is inside
 * at two opposite corners, these are apart; a polygon that is not flat is cut into the triangles that are largest
 * together on a cube. Voxels of other sizes scale the triangles, not the choice.
 */
export function elementAreas([x, y, z]: readonly [number, number, number]): Float64Array {
  unitNormals ??= Array.from({ length: 256 }, (_, code) => normalsOf(code));
  const areas = new Float64Array(256);
  for (const [code, normals] of unitNormals.entries()) {
    for (const [nx, ny, nz] of normals)
      areas[code] = known(areas[code], "an area") + length([nx * y * z, ny * x * z, nz * x * y]);
  }
  return areas;
}

function normalsOf(code: number): readonly Normal[] {
  const inside = countBits(code) <= 4 ? code : 255 - code;
  return polygonsOf(inside).flatMap((polygon) => largest(triangulations(polygon)));
}

/** The closed polygons, through middles of edges, that keep the corners inside apart from the others. */
function polygonsOf(code: number): Point[][] {
  const isInside = ([i, j, k]: Point) => (code & neighbourBit(i, j, k)) !== 0;
  const links = new Map<string, { readonly point: Point; readonly next: string[] }>();
  const link = (a: Point, b: Point) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const entry = links.get(from.join()) ?? { point: from, next: [] };
      entry.next.push(to.join());
      links.set(from.join(), entry);
    }
  };
  for (const face of faces) {
    const corners = face.map(isInside);
    const middles = face.map((corner, index) => middle(corner, known(face[(index + 1) % 4], "a corner")));
    const cut = [0, 1, 2, 3].filter((index) => corners[index] !== corners[(index + 1) % 4]);
    const at = (index: number) => known(middles[(index + 4) % 4], "an edge");
    if (cut.length === 2) link(at(known(cut[0], "an edge")), at(known(cut[1], "an edge")));
    // Two opposite corners are inside: a line cuts off each of them.
    else if (cut.length === 4) {
      for (const [index, inside] of corners.entries()) if (inside) link(at(index - 1), at(index));
    }
  }
  const polygons: Point[][] = [];
  const passed = new Set<string>();
  for (const start of links.keys()) {
    const polygon: Point[] = [];
    for (let here: string | undefined = start; here !== undefined && !passed.has(here); ) {
      passed.add(here);
      const { point, next } = known(links.get(here), "an edge") as { point: Point; next: string[] };
      polygon.push(point);
      here = next.find((each) => !passed.has(each));
    }
    if (polygon.length > 0) polygons.push(polygon);
  }
  return polygons;
}

/** Every way to cut a polygon into triangles between its corners. */
function triangulations(polygon: readonly Point[]): Normal[][] {
  if (polygon.length < 3) return [[]];
  const first = known(polygon[0], "a corner");
  const last = known(polygon.at(-1), "a corner");
  return polygon.slice(1, -1).flatMap((apex, index) => {
    const triangle = normalOf(first, apex, last);
    return triangulations(polygon.slice(0, index + 2)).flatMap((before) =>
      triangulations(polygon.slice(index + 1)).map((after) => [...before, triangle, ...after]),
    );
  });
}

function largest(candidates: readonly Normal[][]): Normal[] {
  let best: Normal[] = [];
  let bestArea = -1;
  for (const normals of candidates) {
    const area = normals.reduce((sum, normal) => sum + length(normal), 0);
    // Equal areas differ by rounding; the first of them stands for all.
    if (area > bestArea + 1e-9) [best, bestArea] = [normals, area];
  }
  return best;
}

function normalOf(a: Point, b: Point, c: Point): Normal {
  const [u, v] = [minus(b, a), minus(c, a)];
  return [(u[1] * v[2] - u[2] * v[1]) / 2, (u[2] * v[0] - u[0] * v[2]) / 2, (u[0] * v[1] - u[1] * v[0]) / 2];
}

function minus(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function length([x, y, z]: Normal): number {
  return Math.sqrt(x * x + y * y + z * z);
}

function countBits(code: number): number {
  return [...code.toString(2)].filter((bit) => bit === "1").length;
}
