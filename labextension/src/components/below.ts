/** Shows a panel below the notebook, in front of the others that are there. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import { TabPanel, type Widget } from '@lumino/widgets';

/** Bring the panel of a tracker to the front; it is made when there is none yet. */
export function showBelow<T extends Widget>(app: JupyterFrontEnd, tracker: WidgetTracker<T>, make: () => T): void {
  const panel = tracker.currentWidget ?? make();
  if (!panel.isAttached) {
    app.shell.add(panel, 'down');
    void tracker.add(panel);
  }
  app.shell.activateById(panel.id);
  const tabs = panel.parent?.parent;
  if (tabs instanceof TabPanel) {
    tabs.currentWidget = panel; // Notebook 7 opens the area, but leaves the tab that was in front there
  }
}
