/** A notebook that is open → what the server is told of it; outputs are never sent. */
import type { INotebookModel } from '@jupyterlab/notebook';
import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { Notebook, NotebookCell } from '../api/generated';

/** Take a picture of a notebook as it is now. */
export function snapshot(model: INotebookModel, path: string): Notebook {
  const cells: NotebookCell[] = [];
  for (let index = 0; index < model.cells.length; index++) {
    cells.push(cellOf(model.cells.get(index)));
  }
  return { path, metadata: { ...model.metadata }, cells };
}

/** Whether the server would say the same of both. */
export function sameNotebook(a: Notebook, b: Notebook): boolean {
  return (
    a.path === b.path &&
    a.cells.length === b.cells.length &&
    a.cells.every((cell, index) => sameCell(cell, b.cells[index])) &&
    JSON.stringify(a.metadata) === JSON.stringify(b.metadata)
  );
}

function cellOf(cell: ICellModel): NotebookCell {
  const tags = cell.getMetadata('tags') as unknown;
  const settings = cell.getMetadata('nb2pipe') as unknown;
  return {
    id: cell.id,
    type: cell.type === 'code' || cell.type === 'markdown' ? cell.type : 'raw',
    source: cell.sharedModel.getSource(),
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [],
    settings: isObject(settings) ? settings : {},
    execution_count: cell.type === 'code' ? (cell as ICodeCellModel).executionCount : null
  };
}

function sameCell(a: NotebookCell, b: NotebookCell | undefined): boolean {
  return (
    b !== undefined &&
    a.id === b.id &&
    a.type === b.type &&
    a.source === b.source &&
    a.execution_count === b.execution_count &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, index) => tag === b.tags[index]) &&
    JSON.stringify(a.settings) === JSON.stringify(b.settings)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
