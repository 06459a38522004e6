/** The panel of runs, the comparison of two, and the news of a run that ended. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { showBelow } from '../components/below';
import { CompareView } from '../components/compareview';
import { pipelineIcon } from '../components/icons';
import { RunsPanel } from '../components/runs/runspanel';
import type { Run } from '../api/generated';
import { duration, runWord } from '../model/runswords';
import { IRunsBook, RunsBook } from '../model/runsbook';
import { IPipelines, type IPipeline } from '../tokens';

export const SHOW_RUNS = 'jupyter-mlops:show-runs';
export const COMPARE_RUNS = 'jupyter-mlops:compare-runs';

export const runs: JupyterFrontEndPlugin<RunsBook> = {
  id: 'jupyter-mlops:runs',
  description: 'The runs of notebooks: a list, one of them in detail, two of them compared.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  provides: IRunsBook,
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, translator: ITranslator | null, palette: ICommandPalette | null, restorer: ILayoutRestorer | null): RunsBook => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const book = new RunsBook(pipelines.client);
    const panels = new WidgetTracker<RunsPanel>({ namespace: 'jupyter-mlops-runs' });
    const find = (pipeline: IPipeline) => {
      const mine = book.of(pipeline);
      mine.ended.connect((_, run) => {
        if (!panels.currentWidget?.isVisible || pipelines.current !== pipeline) {
          tell(app, run, trans);
        }
      });
      void pipeline.panel.context.ready.then(() => mine.refresh());
    };
    pipelines.each(find);
    addPanel(app, panels, pipelines, book, restorer, trans);
    addComparison(app, pipelines, restorer, trans);
    palette?.addItem({ command: SHOW_RUNS, category: trans.__('Pipeline') });
    return book;
  }
};

function addPanel(app: JupyterFrontEnd, tracker: WidgetTracker<RunsPanel>, pipelines: IPipelines, book: RunsBook, restorer: ILayoutRestorer | null, trans: TranslationBundle): void {
  const run = (command: string, args: Record<string, string | Record<string, never>>) => void app.commands.execute(command, args);
  const panel = () => {
    const made = new RunsPanel(
      pipelines,
      book,
      {
        compare: (left, right) => run(COMPARE_RUNS, { left, right }),
        stop: id => run('jupyter-mlops:stop', { id }),
        resume: id => run('jupyter-mlops:resume', { id }),
        again: ({ kind, parameters }) => run('jupyter-mlops:run', { kind, parameters: parameters as Record<string, never> })
      },
      trans
    );
    made.title.label = trans.__('Pipeline runs');
    made.title.icon = pipelineIcon;
    made.title.closable = true;
    return made;
  };
  app.commands.addCommand(SHOW_RUNS, {
    label: trans.__('Show Runs'),
    caption: trans.__('Runs of this notebook as a pipeline, with their logs and results'),
    icon: pipelineIcon,
    describedBy: { args: null },
    execute: () => showBelow(app, tracker, panel)
  });
  void restorer?.restore(tracker, { command: SHOW_RUNS, name: () => 'runs' });
}

function addComparison(app: JupyterFrontEnd, pipelines: IPipelines, restorer: ILayoutRestorer | null, trans: TranslationBundle): void {
  const tracker = new WidgetTracker<MainAreaWidget<CompareView>>({ namespace: 'jupyter-mlops-comparison' });
  const ids = (widget: MainAreaWidget<CompareView>) => widget.id.slice('jupyter-mlops-comparison:'.length).split('|');
  app.commands.addCommand(COMPARE_RUNS, {
    label: trans.__('Compare Two Runs'),
    describedBy: { args: { type: 'object', required: ['left', 'right'], properties: { left: { type: 'string' }, right: { type: 'string' } } } },
    execute: async args => {
      const [left, right] = [args['left'] as string, args['right'] as string];
      const id = `jupyter-mlops-comparison:${left}|${right}`;
      const old = tracker.find(widget => widget.id === id);
      old?.dispose(); // one of the runs may have gone on since
      const content = new CompareView(await pipelines.client.compare(left, right), trans);
      const widget = new MainAreaWidget({ content });
      widget.id = id;
      widget.title.label = trans.__('Two runs');
      widget.title.icon = pipelineIcon;
      widget.title.closable = true;
      app.shell.add(widget, 'main');
      void tracker.add(widget);
      app.shell.activateById(id);
    }
  });
  const args = (widget: MainAreaWidget<CompareView>) => ({ left: ids(widget)[0] ?? '', right: ids(widget)[1] ?? '' });
  void restorer?.restore(tracker, { command: COMPARE_RUNS, args, name: widget => widget.id });
}

/** Say how a run ended, where the panel is not seen. */
function tell(app: JupyterFrontEnd, { summary, steps }: Run, trans: TranslationBundle): void {
  const isGood = summary.state === 'succeeded' || summary.state === 'equal';
  const failed = steps.find(step => step.state === 'failed');
  const text = failed
    ? trans.__('%1: step `%2` failed', summary.pipeline, failed.label)
    : trans.__('%1: %2 in %3', summary.pipeline, runWord(summary.state, trans).toLowerCase(), duration(summary.seconds));
  const actions = [{ label: trans.__('Show'), callback: () => void app.commands.execute(SHOW_RUNS) }];
  if (isGood || summary.state === 'interrupted') {
    Notification.info(text, { autoClose: 5000, actions });
  } else {
    Notification.error(text, { autoClose: 10_000, actions });
  }
}
