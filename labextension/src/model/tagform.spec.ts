import type { CellTags, Form, FormRequest, Notebook } from '../api/generated';
import { TagForm } from './tagform';

/** A notebook of two cells in memory, and a server that knows one field. */
function world(tags: string[][]) {
  const notebook: Notebook = {
    path: 'a.ipynb',
    metadata: {},
    cells: tags.map((each, index) => ({ id: `c${index}`, type: 'code', source: '1', tags: each, settings: {}, execution_count: null }))
  };
  const written: CellTags[][] = [];
  const answer = ({ notebook: sent, cells, changes }: FormRequest): Promise<Form> => {
    const refused = changes?.cpu === 'many';
    const problems: Form['problems'] = refused ? { cpu: 'no number' } : {};
    const after = sent.cells
      .filter(cell => cells.includes(cell.id))
      .map(({ id, tags: had, settings }) => ({ id, tags: changes?.cpu && !refused ? [...had.filter(tag => !tag.startsWith('cpu:')), `cpu:${String(changes.cpu)}`] : had, settings }));
    return Promise.resolve({ values: { cpu: refused ? 'many' : null }, mixed: [], problems, cells: after, other: [], choices: {} });
  };
  const write = (cells: readonly CellTags[]) => {
    written.push([...cells]);
    for (const cell of cells) {
      Object.assign(notebook.cells.find(each => each.id === cell.id)!, cell);
    }
  };
  const form = new TagForm({ cells: notebook.cells.map(cell => cell.id), read: () => JSON.parse(JSON.stringify(notebook)) as Notebook, ask: answer, write });
  return { form, written, notebook };
}

test('a change of a field writes the cells that differ, at once', async () => {
  const { form, written } = world([['cpu:2'], []]);
  await form.change('cpu', '2');
  expect(written).toEqual([[{ id: 'c1', tags: ['cpu:2'], settings: {} }]]);
});

test('what the server finds wrong is shown and not written', async () => {
  const { form, written } = world([[]]);
  await form.change('cpu', 'many');
  expect([form.form?.problems, written]).toEqual([{ cpu: 'no number' }, []]);
});

test('two changes in a row do not overtake each other', async () => {
  const { form, notebook } = world([[]]);
  await Promise.all([form.change('cpu', '1'), form.change('cpu', '4')]);
  expect(notebook.cells[0]!.tags).toEqual(['cpu:4']);
});

test('a tag is told apart when only some cells have it', async () => {
  const { form } = world([['gate', 'cpu:1'], ['gate']]);
  await form.load();
  expect(form.tags).toEqual([
    { text: 'gate', everywhere: true },
    { text: 'cpu:1', everywhere: false }
  ]);
});

test('a tag that is typed or removed is so in all cells', async () => {
  const { form, notebook } = world([['gate'], []]);
  await form.addTag('gate');
  expect(notebook.cells.map(cell => cell.tags)).toEqual([['gate'], ['gate']]);
  await form.removeTag('gate');
  expect(notebook.cells.map(cell => cell.tags)).toEqual([[], []]);
});
