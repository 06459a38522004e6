/** The dialog of a run: filled from the settings and from the last time, and remembered. */
import { Dialog } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { StartRequest } from '../api/generated';
import { FormDialog, ParametersForm, type IRunForm } from '../components/parametersform';
import { readEntries, remembered } from '../model/parameters';
import type { IPipeline } from '../tokens';

const PLACES = ['endpoint', 'namespace', 'experiment'] as const;

/** Asks how a notebook is to be run. */
export class RunAsking {
  constructor(
    private readonly _registry: ISettingRegistry | null,
    private readonly _state: IStateDB | null,
    private readonly _trans: TranslationBundle
  ) {}

  /** Show the form; null when nothing is to be run. */
  async ask(pipeline: IPipeline, kind: StartRequest['kind'], values?: Record<string, unknown>): Promise<Omit<StartRequest, 'path'> | null> {
    const parameters = pipeline.analysis.view?.graph?.parameters ?? [];
    const key = `jupyter-mlops:run-form:${pipeline.panel.context.localPath}`;
    const last = ((await this._state?.fetch(key)) ?? {}) as Partial<StartRequest>;
    const where = await this._where(last);
    const form: IRunForm = { kind, entries: remembered(parameters, values ?? last.parameters ?? {}), fresh: last.fresh ?? false, ...where };
    const body = new ParametersForm(parameters, form, this._trans);
    const result = await new FormDialog(body, {
      title: this._trans.__('Run %1', pipeline.analysis.view?.graph?.name ?? ''),
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: this._trans.__('Run') })],
      focusNodeSelector: kind === 'kubeflow' ? 'fieldset input' : parameters.length > 0 ? '[data-parameter]' : 'input:checked'
    }).launch();
    if (!result.button.accept || !result.value) {
      return null;
    }
    const asked = request(result.value, readEntries(parameters, result.value.entries, this._trans).values);
    await this._state?.save(key, asked as unknown as ReadonlyPartialJSONObject);
    return asked;
  }

  private async _where(last: Partial<StartRequest>): Promise<Pick<IRunForm, (typeof PLACES)[number]>> {
    const settings = await this._registry?.load('jupyter-mlops:runs');
    const of = (name: (typeof PLACES)[number]) => last[name] ?? (settings?.get(name).composite as string | undefined) ?? '';
    return { endpoint: of('endpoint'), namespace: of('namespace'), experiment: of('experiment') };
  }
}

/** Only what is said: a field left empty means the server's own default. */
function request({ kind, fresh, ...form }: IRunForm, parameters: Record<string, unknown>): Omit<StartRequest, 'path'> {
  const asked: Omit<StartRequest, 'path'> = { kind, parameters };
  if (kind === 'local' && fresh) {
    asked.fresh = true;
  }
  if (kind === 'kubeflow') {
    for (const name of PLACES.filter(place => form[place].trim() !== '')) {
      asked[name] = form[name].trim();
    }
  }
  return asked;
}
