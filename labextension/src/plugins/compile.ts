/** The compiled pipeline in a viewer that follows the notebook, and the export to a Python project. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, InputDialog, MainAreaWidget, Notification, showDialog } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { PathExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { ApiError } from '../api/client';
import type { Exported } from '../api/generated';
import { CompiledView } from '../components/compiledview';
import { ExportedFiles } from '../components/compiledproject';
import { ID as GRAPH } from '../components/graph/panel';
import { compileIcon } from '../components/icons';
import { reasonNotToRun } from '../model/runsreason';
import { snapshot } from '../model/snapshot';
import { IPipelines, type IPipeline } from '../tokens';

export const COMPILE = 'jupyter-mlops:compile';
export const EXPORT = 'jupyter-mlops:export';

export const compile: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:compile',
  description: 'Shows what a notebook compiles to, and exports it as a Python project.',
  autoStart: true,
  requires: [IPipelines, IEditorServices],
  optional: [ITranslator, ICommandPalette],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, services: IEditorServices, translator: ITranslator | null, palette: ICommandPalette | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const views = new Map<string, MainAreaWidget<CompiledView>>();
    const add = (id: string, label: string, caption: string, execute: (pipeline: IPipeline) => void) => {
      const reason = () => reasonNotToRun(pipelines.current, trans);
      app.commands.addCommand(id, {
        label,
        caption: () => (reason() ? `${caption} (${reason()})` : caption),
        icon: compileIcon,
        isEnabled: () => reason() === '',
        describedBy: { args: null },
        execute: () => {
          if (pipelines.current) {
            execute(pipelines.current);
          }
        }
      });
      palette?.addItem({ command: id, category: trans.__('Pipeline') });
    };
    add(COMPILE, trans.__('Compile Pipeline'), trans.__('Show the pipeline file, and what changes in it'), pipeline => {
      const id = `jupyter-mlops-compiled:${pipeline.panel.id}`;
      const view = views.get(id) ?? open(app, pipeline, pipelines, services, trans);
      view.id = id;
      views.set(id, view);
      view.disposed.connect(() => views.delete(id));
      if (!view.isAttached) {
        // Over the graph where it is open: a third column would leave none of the three wide enough to be read.
        const beside = [...app.shell.widgets('main')].some(each => each.id === GRAPH);
        app.shell.add(view, 'main', beside ? { ref: GRAPH, mode: 'tab-after' } : { ref: pipeline.panel.id, mode: 'split-right' });
      }
      app.shell.activateById(id);
    });
    add(EXPORT, trans.__('Export to a Python Project…'), trans.__('Write a module and a test for each step'), pipeline => void exportProject(app, pipeline, pipelines, trans));
  }
};

function open(app: JupyterFrontEnd, pipeline: IPipeline, { client }: IPipelines, services: IEditorServices, trans: TranslationBundle): MainAreaWidget<CompiledView> {
  const { panel, analysis } = pipeline;
  const ask = (write: boolean) => {
    const model = panel.model;
    return model ? client.compile({ notebook: snapshot(model, panel.context.localPath), write }) : Promise.reject(new Error(trans.__('the notebook is closed')));
  };
  const write = async () => {
    const compiled = await ask(true);
    void app.commands.execute('filebrowser:refresh');
    return compiled;
  };
  const content = new CompiledView({ compile: () => ask(false), write }, services, trans);
  const view = new MainAreaWidget({ content });
  view.title.label = PathExt.basename(panel.context.localPath).replace(/\.\w+$/, '.yaml');
  view.title.icon = compileIcon;
  view.title.closable = true;
  const follow = () => void content.refresh();
  analysis.viewChanged.connect(follow);
  view.disposed.connect(() => analysis.viewChanged.disconnect(follow));
  panel.disposed.connect(() => view.dispose());
  follow();
  return view;
}

async function exportProject(app: JupyterFrontEnd, pipeline: IPipeline, { client }: IPipelines, trans: TranslationBundle): Promise<void> {
  const path = pipeline.panel.context.localPath;
  const { value } = await InputDialog.getText({
    title: trans.__('Export to a Python project'),
    label: trans.__('Folder, made anew beside the notebook'),
    text: `${PathExt.basename(path).replace(/\.\w+$/, '')}-project`,
    okLabel: trans.__('Export')
  });
  if (!value?.trim()) {
    return;
  }
  try {
    await pipeline.save();
    const exported = await client.export({ path, directory: PathExt.join(PathExt.dirname(path), value.trim()) });
    await showExported(app, exported, trans);
  } catch (error) {
    const hint = error instanceof ApiError && error.hint ? ` – ${error.hint}` : '';
    Notification.error((error instanceof Error ? error.message : String(error)) + hint, { autoClose: 10_000 });
  }
}

async function showExported(app: JupyterFrontEnd, { directory, files }: Exported, trans: TranslationBundle): Promise<void> {
  void app.commands.execute('filebrowser:refresh');
  const readme = files.find(file => PathExt.basename(file).toLowerCase() === 'readme.md');
  const { button } = await showDialog({
    title: trans.__('%1 files in %2', files.length, directory),
    body: new ExportedFiles(directory, files),
    buttons: [Dialog.cancelButton({ label: trans.__('Close') }), ...(readme ? [Dialog.okButton({ label: trans.__('Open README') })] : [])]
  });
  if (button.accept && readme) {
    const at = readme.startsWith(`${directory}/`) ? readme : PathExt.join(directory, readme);
    await app.commands.execute('filebrowser:open-path', { path: directory, dontShowBrowser: false });
    await app.commands.execute('docmanager:open', { path: at, factory: 'Markdown Preview' });
  }
}
