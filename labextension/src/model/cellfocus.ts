/** What the user looks at in the graph → marks on the cells of that step, or of both ends of that edge. Cells that are not drawn are marked too: their node exists. */
import type { IDisposable } from '@lumino/disposable';
import type { IPipeline } from '../tokens';

const MARK = 'jp-mlops-focusedCell';

/** Mark the cells of what has the focus, as long as the result is not disposed. */
export function markFocusedCells(pipeline: IPipeline): IDisposable {
  let marked = new Set<string>();
  const update = () => {
    const { step, edge } = pipeline.focus;
    const steps = edge ? [edge.source, edge.target] : [step];
    const wanted = new Set(pipeline.analysis.view?.graph?.nodes.filter(node => steps.includes(node.name)).flatMap(node => node.cells));
    if (wanted.size === marked.size && [...wanted].every(id => marked.has(id))) {
      return;
    }
    for (const cell of pipeline.panel.content.widgets) {
      if (wanted.has(cell.model.id) !== marked.has(cell.model.id)) {
        cell.toggleClass(MARK, wanted.has(cell.model.id));
      }
    }
    marked = wanted;
  };
  pipeline.focusChanged.connect(update);
  pipeline.analysis.viewChanged.connect(update);
  update();
  return {
    isDisposed: false,
    dispose: () => {
      pipeline.focusChanged.disconnect(update);
      pipeline.analysis.viewChanged.disconnect(update);
    }
  };
}
