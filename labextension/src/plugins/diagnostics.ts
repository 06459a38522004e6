/** What is wrong with a pipeline, underlined in its cells as they are typed, with fixes by a click. */
import { nextDiagnostic } from '@codemirror/lint';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { Signal, type ISignal } from '@lumino/signaling';
import { Menu } from '@lumino/widgets';
import type { Diagnostic, Fix } from '../api/generated';
import { CellMarks } from '../editor/cellmarks';
import { describe } from '../editor/description';
import { sentence } from '../editor/marks';
import { applyFix, shownProblems, type Shown } from '../model/problems';
import { nextProblem, problemsAt, spotOf } from '../model/problemwalk';
import { sameNotebook, snapshot } from '../model/snapshot';
import { IPipelines, IProblems, type IPipeline } from '../tokens';
import { EXPLAIN } from './explain';

const PLUGIN = 'jupyter-mlops:diagnostics';
const NEXT = 'jupyter-mlops:next-problem';
const PREVIOUS = 'jupyter-mlops:previous-problem';
const FIX = 'jupyter-mlops:fix-problem';
const APPLY = 'jupyter-mlops:apply-fix';

/** The findings of all open notebooks. */
class Problems implements IProblems {
  constructor(
    private readonly _app: JupyterFrontEnd,
    pipelines: IPipelines,
    private readonly _trans: TranslationBundle
  ) {
    pipelines.each(pipeline => this._add(pipeline));
  }

  get changed(): ISignal<this, IPipeline> {
    return this._changed;
  }

  /** When findings are shown at all. */
  set shown(shown: Shown) {
    this._shown = shown;
    this._marks.forEach((_, pipeline) => this._update(pipeline));
  }

  of(pipeline: IPipeline): readonly Diagnostic[] {
    return shownProblems(pipeline.analysis.view, this._shown);
  }

  async apply(pipeline: IPipeline, problem: Diagnostic, fix: Fix): Promise<void> {
    const { model, context } = pipeline.panel;
    const isCurrent = (analysed: Parameters<typeof sameNotebook>[0] | null) => model !== null && analysed !== null && sameNotebook(analysed, snapshot(model, context.path));
    if (!(await applyFix(pipeline, problem, fix, isCurrent))) {
      Notification.info(this._trans.__('%1 is no longer there to be fixed.', problem.code), { autoClose: 4000 });
    }
  }

  private _add(pipeline: IPipeline): void {
    const { panel, analysis } = pipeline;
    const description = {
      explain: (code: string) => void this._app.commands.execute(EXPLAIN, { code }),
      reveal: ({ place }: Diagnostic['labels'][number]) => void (place?.cell && pipeline.reveal(place.cell, place.range))
    };
    void panel.context.ready.then(() => {
      const actions = {
        apply: (problem: Diagnostic, fix: Fix) => void this.apply(pipeline, problem, fix),
        describe: (problem: Diagnostic) => describe(problem, description, this._trans)
      };
      this._marks.set(pipeline, new CellMarks(pipeline, actions));
      analysis.viewChanged.connect(() => this._update(pipeline));
      analysis.stateChanged.connect(() => analysis.view ?? this._update(pipeline)); // until there is one, the list says why
      this._update(pipeline);
    });
    panel.disposed.connect(() => this._marks.delete(pipeline));
  }

  private _update(pipeline: IPipeline): void {
    this._marks.get(pipeline)?.show(this.of(pipeline));
    this._changed.emit(pipeline);
  }

  private _shown: Shown = 'pipelines';
  private readonly _marks = new Map<IPipeline, CellMarks>();
  private readonly _changed = new Signal<this, IPipeline>(this);
}

/** Go to the finding after or before the cursor, in whatever cell it is, and show it. */
async function walk(pipeline: IPipeline, problems: readonly Diagnostic[], by: 1 | -1): Promise<void> {
  const { content } = pipeline.panel;
  const order = content.widgets.map(cell => cell.model.id);
  const cursor = content.activeCell?.editor?.getCursorPosition();
  const found = nextProblem(problems, order, spotOf(content.activeCell?.model.id ?? '', cursor ?? null), by);
  if (!found?.place?.cell) {
    return;
  }
  const start = found.place.range?.start ?? { line: 1, column: 0, utf16: 0 };
  await pipeline.reveal(found.place.cell, { start, end: start });
  const editor = content.activeCell?.editor as CodeMirrorEditor | undefined;
  content.mode = 'edit';
  if (editor) {
    // From one place before, so that the mark that begins here is the next one; the editor then shows what it says.
    const before = Math.max(editor.getOffsetAt(editor.getCursorPosition()) - 1, 0);
    editor.editor.dispatch({ selection: { anchor: before } });
    nextDiagnostic(editor.editor);
  }
}

/** Offer the fixes of what is at the cursor. */
function offerFixes(app: JupyterFrontEnd, pipeline: IPipeline, problems: readonly Diagnostic[], trans: TranslationBundle): void {
  const { activeCell } = pipeline.panel.content;
  const editor = activeCell?.editor;
  const here = problemsAt(problems, activeCell?.model.id ?? '', editor?.getCursorPosition() ?? null);
  const fixes = here.flatMap(problem => problem.fixes.map((fix, index) => ({ problem, fix, index })));
  if (!activeCell || fixes.length === 0) {
    Notification.info(trans.__('Nothing at the cursor can be fixed by a click.'), { autoClose: 3000 });
    return;
  }
  const menu = new Menu({ commands: app.commands });
  fixes.forEach(({ problem, fix, index }) => menu.addItem({ command: APPLY, args: { code: problem.code, message: problem.message, cell: activeCell.model.id, index, title: fix.title } }));
  const place = editor?.getCoordinateForPosition(editor.getCursorPosition()) ?? activeCell.node.getBoundingClientRect();
  menu.open(place.left, place.bottom);
}

function addCommands(app: JupyterFrontEnd, pipelines: IPipelines, problems: Problems, trans: TranslationBundle): void {
  const current = () => (pipelines.current ? problems.of(pipelines.current) : []);
  const describedBy = { args: { type: 'object' as const, properties: {} } };
  const onCurrent = (run: (pipeline: IPipeline) => unknown) => () => (pipelines.current ? run(pipelines.current) : undefined);
  const isEnabled = () => current().length > 0;
  app.commands.addCommand(NEXT, { label: trans.__('Next Problem'), describedBy, isEnabled, execute: onCurrent(pipeline => walk(pipeline, current(), 1)) });
  app.commands.addCommand(PREVIOUS, { label: trans.__('Previous Problem'), describedBy, isEnabled, execute: onCurrent(pipeline => walk(pipeline, current(), -1)) });
  app.commands.addCommand(FIX, {
    label: trans.__('Fix Problem at Cursor'),
    caption: trans.__('Choose among the fixes of what is underlined at the cursor'),
    describedBy,
    isEnabled,
    execute: onCurrent(pipeline => offerFixes(app, pipeline, current(), trans))
  });
  app.commands.addCommand(APPLY, {
    label: args => sentence(args['title'] as string),
    describedBy: { args: { type: 'object', properties: { code: { type: 'string' }, message: { type: 'string' }, cell: { type: 'string' }, index: { type: 'integer' }, title: { type: 'string' } } } },
    execute: async args => {
      const problem = current().find(each => each.code === args['code'] && each.message === args['message'] && each.place?.cell === args['cell']);
      const fix = problem?.fixes[args['index'] as number];
      if (pipelines.current && problem && fix) {
        await problems.apply(pipelines.current, problem, fix);
      }
    }
  });
}

export const diagnostics: JupyterFrontEndPlugin<IProblems> = {
  id: PLUGIN,
  description: 'Underlines in the cells what is wrong with the pipeline.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ISettingRegistry, ICommandPalette, ITranslator],
  provides: IProblems,
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, registry: ISettingRegistry | null, palette: ICommandPalette | null, translator: ITranslator | null): IProblems => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const problems = new Problems(app, pipelines, trans);
    void registry?.load(PLUGIN).then(settings => {
      const read = () => (problems.shown = settings.get('show').composite as Shown);
      settings.changed.connect(read);
      read();
    });
    addCommands(app, pipelines, problems, trans);
    [NEXT, PREVIOUS, FIX].forEach(command => palette?.addItem({ command, category: trans.__('Pipeline') }));
    return problems;
  }
};
