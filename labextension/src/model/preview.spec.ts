import type { CellTags, Notebook, Proposal } from '../api/generated';
import { Preview } from './preview';

const notebook: Notebook = {
  path: 'a.ipynb',
  metadata: {},
  cells: ['a', 'b', 'c'].map(id => ({ id, type: 'code', source: id, tags: id === 'a' ? ['mine'] : [], settings: { cpu: 1 }, execution_count: null }))
};
const proposal = (changes: number): Proposal => ({
  cells: [
    { id: 'a', number: 1, line: 'a', add: ['step:load'], step: 'load', colour: 0, reason: 'calls `read_csv`' },
    { id: 'b', number: 2, line: 'b', add: [], step: 'load', colour: 0, reason: '' },
    { id: 'c', number: 3, line: 'c', add: ['step:train', 'gate'], step: 'train', colour: 1, reason: 'calls `fit`' }
  ],
  changes,
  graph: null,
  refused: changes ? '' : 'the tags are wrong'
});

async function started(changes = 2) {
  const written: CellTags[][] = [];
  const preview = new Preview({ read: () => notebook, ask: () => Promise.resolve(proposal(changes)), write: cells => written.push([...cells]) });
  await preview.start();
  return { preview, written };
}

test('a preview writes nothing', async () => {
  const { preview, written } = await started();
  expect([preview.undecided.map(cell => cell.id), written]).toEqual([['a', 'c'], []]);
});

test('an accepted cell keeps its own tags and settings', async () => {
  const { preview, written } = await started();
  preview.accept(['a']);
  expect(written).toEqual([[{ id: 'a', tags: ['mine', 'step:load'], settings: { cpu: 1 } }]]);
  expect(preview.undecided.map(cell => cell.id)).toEqual(['c']);
});

test('all are accepted as one change, and the preview is over', async () => {
  const { preview, written } = await started();
  preview.acceptAll();
  expect(written.map(cells => cells.map(cell => cell.id))).toEqual([['a', 'c']]);
  expect(preview.proposal).toBeNull();
});

test('a preview whose last cell is skipped is over', async () => {
  const { preview, written } = await started();
  preview.skip('a');
  preview.skip('c');
  expect([preview.proposal, written]).toEqual([null, []]);
});

test('where nothing is proposed there is no preview', async () => {
  const { preview } = await started(0);
  expect(preview.proposal).toBeNull();
});
