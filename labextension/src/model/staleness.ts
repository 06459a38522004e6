/** Which cells the live kernel knows in another state than a run from the top would leave: edited, stale, or run out of order. */
import type { CellView } from '../api/generated';

/** How a cell was last run in this kernel. */
export interface IRan {
  source: string;
  /** The kernel's execution count. */
  order: number;
}

/** Why a cell is not as it seems; `cell` is the number of the other cell, `name` what they share. */
export type Doubt =
  | { kind: 'edited' }
  | { kind: 'stale'; cell: number; name: string; because: 'edited' | 'ran later' | 'stale' }
  | { kind: 'out of order'; cell: number; name: string };

/** The cells that are in doubt, by id. Only cells that ran in this kernel can be; `sources` is the text of cells as it is now. */
export function doubts(cells: readonly CellView[], sources: ReadonlyMap<string, string>, ran: ReadonlyMap<string, IRan>): ReadonlyMap<string, Doubt> {
  const found = new Map<string, Doubt>();
  const byId = new Map(cells.map(cell => [cell.id, cell]));
  // Values come from cells above, so that these are judged before the cells that need them.
  for (const cell of cells) {
    const mine = ran.get(cell.id);
    if (mine) {
      const doubt = mine.source !== sources.get(cell.id) ? ({ kind: 'edited' } as const) : (staleness(cell, mine, byId, ran, found) ?? disorder(cell, mine, cells, ran));
      if (doubt) {
        found.set(cell.id, doubt);
      }
    }
  }
  return found;
}

function staleness(cell: CellView, mine: IRan, byId: ReadonlyMap<string, CellView>, ran: ReadonlyMap<string, IRan>, found: ReadonlyMap<string, Doubt>): Doubt | null {
  for (const id of cell.needs) {
    const needed = byId.get(id);
    const other = ran.get(id);
    const doubt = found.get(id);
    if (needed && other && id !== cell.id) {
      const because = other.order > mine.order ? 'ran later' : doubt?.kind === 'edited' ? 'edited' : doubt ? 'stale' : null;
      if (because) {
        return { kind: 'stale', cell: needed.number, name: shared(cell, needed), because };
      }
    }
  }
  return null;
}

/** A cell below had changed what this one reads before it was run, and the cell above that gives it was not run again between. */
function disorder(cell: CellView, mine: IRan, cells: readonly CellView[], ran: ReadonlyMap<string, IRan>): Doubt | null {
  const since = (name: string) =>
    Math.max(0, ...cells.filter(each => cell.needs.includes(each.id) && gives(each, name)).map(each => ran.get(each.id)?.order ?? 0));
  for (const below of cells) {
    const order = ran.get(below.id)?.order;
    if (below.number > cell.number && order !== undefined && order < mine.order) {
      const name = cell.reads.find(each => gives(below, each) && order > since(each));
      if (name !== undefined) {
        return { kind: 'out of order', cell: below.number, name };
      }
    }
  }
  return null;
}

function shared(reader: CellView, giver: CellView): string {
  return reader.reads.find(name => gives(giver, name)) ?? '';
}

function gives(cell: CellView, name: string): boolean {
  return cell.writes.includes(name) || cell.mutates.includes(name);
}
