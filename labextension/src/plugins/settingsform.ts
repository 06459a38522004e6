/** The settings of the whole pipeline: a form of JupyterLab's own in the property inspector (`schema/settingsform.json`), and a command that opens it. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

export const EDIT_SETTINGS = 'jupyter-mlops:edit-settings';
const SECTION = 'jupyterMlopsPipeline';
const INSPECTOR = 'jp-property-inspector';

export const settingsForm: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:settingsform',
  description: 'Settings of the pipeline of a notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, translator: ITranslator | null, palette: ICommandPalette | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    app.commands.addCommand(EDIT_SETTINGS, {
      label: trans.__('Pipeline Settings…'),
      caption: trans.__("The pipeline's name, its image, and what every step asks for unless it says otherwise"),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => tracker.currentWidget !== null,
      execute: () => {
        app.shell.activateById(INSPECTOR);
        requestAnimationFrame(() => {
          const section = document.getElementById(SECTION) ?? document.querySelector(`#${INSPECTOR} .jp-mlops-settings`);
          section?.scrollIntoView({ block: 'start' });
        });
      }
    });
    palette?.addItem({ command: EDIT_SETTINGS, category: trans.__('Pipeline') });
  }
};
