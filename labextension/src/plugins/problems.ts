/** The panel of problems, and their number in the status bar. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { showBelow } from '../components/below';
import { pipelineIcon } from '../components/icons';
import { PipelineStatus } from '../components/pipelinestatus';
import { ProblemsPanel } from '../components/problemspanel';
import { IPipelines, IProblems } from '../tokens';
import { EXPLAIN } from './explain';

export const SHOW_PROBLEMS = 'jupyter-mlops:show-problems';

export const problems: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:problems',
  description: 'Lists what is wrong with the pipeline.',
  autoStart: true,
  requires: [IPipelines, IProblems],
  optional: [IStatusBar, ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    pipelines: IPipelines,
    found: IProblems,
    statusBar: IStatusBar | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const tracker = new WidgetTracker<ProblemsPanel>({ namespace: 'jupyter-mlops-problems' });
    const make = () => {
      const panel = new ProblemsPanel(pipelines, found, { explain: code => void app.commands.execute(EXPLAIN, { code }) }, trans);
      panel.title.label = trans.__('Pipeline problems');
      panel.title.icon = pipelineIcon;
      panel.title.closable = true;
      return panel;
    };
    app.commands.addCommand(SHOW_PROBLEMS, {
      label: trans.__('Show Problems'),
      caption: trans.__('What is wrong with this notebook as a pipeline, and how to mend it'),
      icon: args => (args['isPalette'] ? undefined : pipelineIcon),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => showBelow(app, tracker, make)
    });
    palette?.addItem({ command: SHOW_PROBLEMS, category: trans.__('Pipeline') });
    void restorer?.restore(tracker, { command: SHOW_PROBLEMS, name: () => 'problems' });
    const status = new PipelineStatus(pipelines, found, () => void app.commands.execute(SHOW_PROBLEMS), trans);
    statusBar?.registerStatusItem('jupyter-mlops:status', { item: status, align: 'left', rank: 10 });
  }
};
