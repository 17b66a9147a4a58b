import { type GraphType, isEntity, ownedFields, type Supergraph } from './supergraph';

/** A place on the map; both coordinates run from 0 to 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface MapLayout {
  /** In rem; as much as the labels need. */
  readonly height: number;
  /** Whether there is only place for names. */
  readonly compact: boolean;
  readonly subgraphs: readonly (Point & { readonly name: string; readonly entities: number; readonly types: number })[];
  readonly entities: readonly (Point & {
    readonly type: GraphType;
    /** To every subgraph that knows the entity; `owns` is the number of fields that it adds. */
    readonly links: readonly (Point & { readonly subgraph: string; readonly owns: number })[];
  })[];
  /** Entities that join subgraphs and found no place. */
  readonly left: number;
}

/** More would lie on each other; those that join the most subgraphs are shown. */
const ENTITIES_MAX = 36;
const ROUNDS = 240;
/** More do not fit on an ellipse; they stand in two columns. */
const RIM_MAX = 12;
const RIM = { x: 0.4, y: 0.41 };
const HEIGHT = 34;
const ROW = 2.75;
/** Where they stand on a narrow map, and where the lines to the left ones begin: at their edge. */
const NARROW = { left: 0.225, edge: 0.425, right: 0.775, row: 3.5 };
/** A label is about so wide, in parts of the map, and so high, in rem. */
const LABEL = { x: 0.15, y: 2.6 };

/** On a map of this many rem and more, labels stand on all sides; on a narrower one, in two columns. */
export const WIDE_MIN = 40;

/**
 * Puts subgraphs around and, between those that know it, each entity of several of them. On a narrow
 * map subgraphs stand left and entities right.
 */
export function layOut(graph: Supergraph, room: 'wide' | 'narrow'): MapLayout {
  const types = [...graph.types.values()];
  const count = graph.subgraphs.length;
  const joining = types
    .filter((type) => isEntity(type) && type.subgraphs.length > 1)
    .sort((one, other) => other.subgraphs.length - one.subgraphs.length || one.name.localeCompare(other.name));
  const shown = joining.slice(0, ENTITIES_MAX);
  const narrow = room === 'narrow';
  const compact = narrow || count > RIM_MAX;
  const rows = narrow ? Math.max(count, shown.length) : compact ? Math.ceil(count / 2) : 0;
  const height = Math.max(narrow ? 0 : HEIGHT, rows * (narrow ? NARROW.row : ROW));
  const place = narrow ? onTheLeft : compact ? inColumns : onRim;
  const at = new Map(graph.subgraphs.map((name, index) => [name, place(index, count)]));
  const middles = shown.map(({ subgraphs }) => middle(subgraphs.flatMap((name) => at.get(name) ?? [])));
  const places = narrow
    ? onTheRight(middles)
    : spread(middles, [...at.values()], { x: LABEL.x, y: LABEL.y / height }, compact ? 0.25 : LABEL.x / 2);
  return {
    height,
    compact,
    subgraphs: graph.subgraphs.map((name) => {
      const own = types.filter(({ subgraphs }) => subgraphs.includes(name));
      return { name, ...pointOf(at.get(name)), entities: own.filter(isEntity).length, types: own.length };
    }),
    entities: shown.map((type, index) => ({
      type,
      ...pointOf(places[index]),
      links: type.subgraphs.map((subgraph) => ({
        subgraph,
        owns: ownedFields(type, subgraph).length,
        ...pointOf(at.get(subgraph)),
        ...(narrow ? { x: NARROW.edge } : {}),
      })),
    })),
    left: joining.length - shown.length,
  };
}

function onRim(index: number, count: number): Point {
  const angle = (2 * Math.PI * index) / Math.max(count, 1) - Math.PI / 2;
  return { x: 0.5 + RIM.x * Math.cos(angle), y: 0.5 + RIM.y * Math.sin(angle) };
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  const count = Math.max(points.length, 1);
  return { x: sum.x / count, y: sum.y / count };
}

/** The first half down the left side, the others down the right. */
function inColumns(index: number, count: number): Point {
  const rows = Math.ceil(count / 2);
  return { x: index < rows ? 0.1 : 0.9, y: ((index % rows) + 0.5) / rows };
}

function onTheLeft(index: number, count: number): Point {
  return { x: NARROW.left, y: (index + 0.5) / count };
}

/** In the order of where they would like to stand, so that few lines cross. */
function onTheRight(wanted: readonly Point[]): readonly Point[] {
  const order = wanted.map((_, index) => index).sort((one, other) => pointOf(wanted[one]).y - pointOf(wanted[other]).y);
  return wanted.map((_, index) => ({ x: NARROW.right, y: (order.indexOf(index) + 0.5) / wanted.length }));
}

/** Moves labels apart that lie on each other or on `fixed` ones, and keeps `margin` from the sides. */
function spread(
  wanted: readonly Point[],
  fixed: readonly Point[],
  label: Point,
  margin: number,
): readonly Point[] {
  // A hair's breadth apart at first: equal places would never be told from each other.
  const places = wanted.map(({ x, y }, index) => ({ x: x + index * 1e-4, y: y + (index % 3) * 1e-4 }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    for (const [index, one] of places.entries()) {
      for (const other of places.slice(index + 1)) moved = part(one, other, label) || moved;
      for (const other of fixed) moved = part(one, { ...other }, label) || moved;
      one.x = Math.min(Math.max(one.x, margin), 1 - margin);
      one.y = Math.min(Math.max(one.y, label.y / 2), 1 - label.y / 2);
    }
    if (!moved) break;
  }
  return places;
}

interface Movable {
  x: number;
  y: number;
}

/** Pushes two labels apart along the axis on which they overlap the least. */
function part(one: Movable, other: Movable, label: Point): boolean {
  const [x, y] = [one.x - other.x, one.y - other.y];
  const [overX, overY] = [label.x - Math.abs(x), label.y - Math.abs(y)];
  if (overX <= 0 || overY <= 0) return false;
  const axis = overX / label.x < overY / label.y ? 'x' : 'y';
  const step = (axis === 'x' ? overX * Math.sign(x || 1) : overY * Math.sign(y || 1)) / 2;
  one[axis] += step;
  other[axis] -= step;
  return true;
}

function pointOf(point: Point | undefined): Point {
  return { x: point?.x ?? 0.5, y: point?.y ?? 0.5 };
}
