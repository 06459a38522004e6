/** What is known of a notebook, and what is proposed for it → what each cell shows of that. */
import type { CellView, Chip, ProposedCell, View } from '../api/generated';

/** How a cell stands in the pipeline; `between` is text between two cells of a step. */
export type BadgeKind = CellView['place'] | 'between' | 'proposed';

/** What one cell shows. */
export interface IBadge {
  readonly id: string;
  readonly kind: BadgeKind;
  /** The step, or empty. */
  readonly step: string;
  readonly colour: number | null;
  readonly role: string | null;
  readonly chips: readonly Chip[];
  /** It says something itself, and does not only follow the cell above. */
  readonly speaks: boolean;
  /** The block's bar begins, and ends, at this cell. */
  readonly starts: boolean;
  readonly ends: boolean;
  /** Tags that are proposed, and why. */
  readonly proposed: { readonly tags: readonly string[]; readonly reason: string } | null;
}

/** Say what each cell shows, by its id; cells that show nothing are left out. */
export function badgesOf(view: View, proposed: ReadonlyMap<string, ProposedCell> = new Map()): Map<string, IBadge> {
  const cells = view.cells.some(cell => cell.tagged) ? view.cells : view.cells.map(unplaced);
  const blocks = cells.map(cell => blockOf(cell, proposed.get(cell.id)));
  bridge(cells, blocks);
  const badges = new Map<string, IBadge>();
  let above: Unplaced | null = null;
  cells.forEach((cell, index) => {
    const block = blocks[index] ?? '';
    const badge: Unplaced | null = cell.place === 'text' ? between(cell, block, above) : badgeOf(cell, proposed.get(cell.id));
    above = badge ?? above;
    if (badge) {
      badges.set(cell.id, { ...badge, starts: block !== blocks[index - 1], ends: block !== blocks[index + 1] });
    }
  });
  return badges;
}

/** A notebook without any tag is one step for who runs it; its cells say nothing of that. */
function unplaced(cell: CellView): CellView {
  return cell.place === 'text' ? cell : { ...cell, place: 'none', step: null, colour: null };
}

/** Whether both are drawn the same. */
export function sameBadge(a: IBadge | undefined, b: IBadge | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Name what a cell belongs to: cells of one block that stand together get one bar. */
function blockOf(cell: CellView, proposed: ProposedCell | undefined): string {
  if (proposed) {
    return proposed.step === null ? `proposed ${proposed.add.join(' ')}` : `step ${proposed.step}`;
  }
  if (cell.place === 'step') {
    return `step ${cell.step ?? ''}`;
  }
  return cell.place === 'text' || cell.place === 'none' ? '' : cell.place;
}

/** Let text between two cells of a block belong to it. */
function bridge(cells: readonly CellView[], blocks: string[]): void {
  let last = -1;
  cells.forEach((cell, index) => {
    if (cell.place === 'text') {
      return;
    }
    const block = blocks[index] ?? '';
    if (last >= 0 && block !== '' && block === blocks[last]) {
      blocks.fill(block, last, index);
    }
    last = index;
  });
}

type Unplaced = Omit<IBadge, 'starts' | 'ends'>;

function badgeOf(cell: CellView, proposed: ProposedCell | undefined): Unplaced {
  const { id, role, chips } = cell;
  if (proposed && proposed.add.length > 0) {
    const says = { tags: proposed.add, reason: proposed.reason };
    return { id, kind: 'proposed', step: proposed.step ?? '', colour: proposed.colour, role, chips, speaks: true, proposed: says };
  }
  if (proposed && proposed.step !== null && cell.place !== 'step') {
    return { id, kind: 'proposed', step: proposed.step, colour: proposed.colour, role, chips, speaks: false, proposed: null };
  }
  const speaks = cell.tagged || role !== null || chips.length > 0;
  return { id, kind: cell.place, step: cell.step ?? '', colour: cell.colour, role, chips, speaks, proposed: null };
}

/** A text inside a block looks like the cell above it, and says nothing. */
function between(cell: CellView, block: string, above: Unplaced | null): Unplaced | null {
  return block === '' || above === null ? null : { ...above, id: cell.id, kind: 'between', role: null, chips: [], speaks: false, proposed: null };
}
