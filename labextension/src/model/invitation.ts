/** Whether a notebook is worth an offer to propose steps for it. */
import type { Notebook, View } from '../api/generated';

const FEWEST_CELLS = 3;

/** Whether a notebook is meant as a pipeline: a cell says where it goes, in our words or in Kale's. */
export function isPipeline(view: View): boolean {
  return view.kale || view.cells.some(cell => cell.tagged);
}

/** No cell says where it goes, it is nobody else's pipeline, and there is something to propose for. */
export function isInviting(view: View, notebook: Notebook): boolean {
  const code = notebook.cells.filter(cell => cell.type === 'code' && cell.source.trim() !== '');
  return code.length >= FEWEST_CELLS && !isPipeline(view);
}
