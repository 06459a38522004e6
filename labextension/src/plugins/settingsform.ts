/** The settings of the whole pipeline: a form of JupyterLab's own in the property inspector (`schema/settingsform.json`), and a command that opens it. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMetadataFormProvider } from '@jupyterlab/metadataform';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Collapser } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';

export const EDIT_SETTINGS = 'jupyter-mlops:edit-settings';
const SECTION = 'jupyterMlopsPipeline';
const INSPECTOR = 'jp-property-inspector';

export const settingsForm: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:settingsform',
  description: 'Settings of the pipeline of a notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette, IMetadataFormProvider],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    forms: IMetadataFormProvider | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    app.commands.addCommand(EDIT_SETTINGS, {
      label: trans.__('Pipeline Settings…'),
      caption: trans.__("The pipeline's name, its image, and what every step asks for unless it says otherwise"),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => tracker.currentWidget !== null,
      execute: () => {
        app.shell.activateById(INSPECTOR);
        unfold(forms?.get(SECTION) ?? null);
      }
    });
    palette?.addItem({ command: EDIT_SETTINGS, category: trans.__('Pipeline') });
  }
};

/** Show what is in a folded section of the inspector. */
function unfold(form: Widget | null): void {
  for (let widget = form; widget !== null; widget = widget.parent) {
    if (widget instanceof Collapser) {
      widget.collapsed = false;
    }
  }
  form?.node.scrollIntoView({ block: 'nearest' });
}
