/** The live graph of the notebook's pipeline: opened beside it, found again after a reload, exported as a picture. */
import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { GraphPanel } from '../components/graph/panel';
import { pipelineIcon } from '../components/icons';
import { markFocusedCells } from '../model/cellfocus';
import { IPipelines, type IPipeline } from '../tokens';

export const OPEN_GRAPH = 'jupyter-mlops:open-graph';
export const EXPORT_GRAPH = 'jupyter-mlops:export-graph';
const PLUGIN = 'jupyter-mlops:graph';
const PROPOSE_STEPS = 'jupyter-mlops:propose-steps';

/** The one panel, made when it is first asked for. */
class Graphs {
  readonly tracker = new WidgetTracker<GraphPanel>({ namespace: 'jupyter-mlops-graph' });

  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _shell: ILabShell | null,
    private readonly _pipelines: IPipelines,
    private readonly _trans: TranslationBundle
  ) {}

  /** Show the panel: beside the notebook, where the shell has room for two, else at the right. */
  open(activate = true): GraphPanel {
    const panel = this._panel && !this._panel.isDisposed ? this._panel : this._make();
    if (!panel.isAttached) {
      const beside = this._pipelines.current?.panel.id;
      if (this._shell) {
        this._app.shell.add(panel, 'main', { mode: 'split-right', activate: false, ...(beside ? { ref: beside } : {}) });
      } else {
        this._app.shell.add(panel, 'right', { rank: 500 });
      }
    }
    if (activate) {
      this._app.shell.activateById(panel.id);
    }
    return panel;
  }

  /** Write the drawing beside the notebook; gives the path. */
  async export(): Promise<string> {
    const panel = this.open(false);
    const pipeline = this._pipelines.current;
    await drawn(panel);
    if (pipeline === null || panel.svg === null) {
      throw new Error(this._trans.__('there is no graph: open a notebook that has steps'));
    }
    const { path } = pipeline.panel.context;
    const target = PathExt.join(PathExt.dirname(path), `${PathExt.basename(path, PathExt.extname(path))}.pipeline.svg`);
    await this._app.serviceManager.contents.save(target, { type: 'file', format: 'text', mimetype: 'image/svg+xml', content: panel.svg });
    return target;
  }

  private _make(): GraphPanel {
    const { commands } = this._app;
    const actions = {
      propose: () => void commands.execute(PROPOSE_STEPS),
      exportSvg: () => void commands.execute(EXPORT_GRAPH),
      retry: () => void this._pipelines.current?.analysis.refresh()
    };
    this._panel = new GraphPanel(this._pipelines, actions, this._trans);
    void this.tracker.add(this._panel);
    return this._panel;
  }

  private _panel: GraphPanel | null = null;
}

/** Wait until a panel that was just opened has drawn its graph; a graph that cannot be drawn is not waited for. */
async function drawn(panel: GraphPanel): Promise<void> {
  for (let frame = 0; frame < 10 && panel.svg === null; frame++) {
    await new Promise(requestAnimationFrame);
  }
}

function addCommands(app: JupyterFrontEnd, graphs: Graphs, trans: TranslationBundle): void {
  app.commands.addCommand(OPEN_GRAPH, {
    label: trans.__('Show Pipeline Graph'),
    caption: trans.__('Draw the steps of this notebook, and what they hand on, beside it'),
    icon: args => (args['toolbar'] || !args['isPalette'] ? pipelineIcon : undefined),
    describedBy: { args: { type: 'object', properties: { activate: { type: 'boolean' } } } },
    execute: args => void graphs.open(args['activate'] !== false)
  });
  app.commands.addCommand(EXPORT_GRAPH, {
    label: trans.__('Export Pipeline Graph as SVG'),
    caption: trans.__('Write the graph as a picture beside the notebook'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      try {
        const path = await graphs.export();
        const open = { label: trans.__('Open'), callback: () => void app.commands.execute('docmanager:open', { path }) };
        Notification.success(trans.__('The graph was written to %1', path), { actions: [open], autoClose: 8000 });
      } catch (error) {
        Notification.error(trans.__('The graph was not written: %1', error instanceof Error ? error.message : String(error)));
      }
    }
  });
}

export const graph: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Draws the pipeline of a notebook beside it.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    pipelines: IPipelines,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const graphs = new Graphs(app, shell, pipelines, trans);
    addCommands(app, graphs, trans);
    [OPEN_GRAPH, EXPORT_GRAPH].forEach(command => palette?.addItem({ command, category: trans.__('Pipeline') }));
    void restorer?.restore(graphs.tracker, { command: OPEN_GRAPH, args: () => ({ activate: false }), name: () => 'graph' });
    const mark = (pipeline: IPipeline) => {
      const marks = markFocusedCells(pipeline);
      pipeline.panel.disposed.connect(() => marks.dispose());
    };
    pipelines.each(mark);
  }
};
