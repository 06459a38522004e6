/** The form that a run is started from: where it runs, its parameters, and for a cluster which one. */
import React, { useState } from 'react';
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Parameter, StartRequest } from '../api/generated';
import { readEntries, readEntry, standardEntry, type IEntry } from '../model/parameters';

/** What a form holds; it is remembered for the next time. */
export interface IRunForm {
  kind: StartRequest['kind'];
  entries: Record<string, IEntry>;
  fresh: boolean;
  endpoint: string;
  namespace: string;
  experiment: string;
}

/** The body of the dialog. */
export class ParametersForm extends ReactWidget implements Dialog.IBodyWidget<IRunForm> {
  constructor(
    private readonly _parameters: readonly Parameter[],
    private _form: IRunForm,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-mlops-form');
  }

  getValue(): IRunForm {
    return this._form;
  }

  /** Whether everything can be sent; if not, the first field that is wrong has the focus and all say why. */
  validate(): boolean {
    const { problems } = readEntries(this._parameters, this._form.entries, this._trans);
    const wrong = this._parameters.find(({ name }) => name in problems);
    if (!wrong) {
      return true;
    }
    this._all = true;
    this.update();
    this.node.querySelector<HTMLElement>(`[data-parameter="${CSS.escape(wrong.name)}"]`)?.focus();
    return false;
  }

  protected override render(): React.JSX.Element {
    return <Form key={String(this._all)} parameters={this._parameters} form={this._form} all={this._all} onChange={form => (this._form = form)} trans={this._trans} />;
  }

  private _all = false;
}

/** A dialog that stays open while its form has something wrong. */
export class FormDialog extends Dialog<IRunForm> {
  constructor(
    private readonly _form: ParametersForm,
    options: Partial<Dialog.IOptions<IRunForm>>
  ) {
    super({ ...options, body: _form });
  }

  override handleEvent(event: Event): void {
    // Enter means a new line or a click where it is pressed in a text of several lines or on a button of the form.
    const isEnter = event instanceof KeyboardEvent && event.type === 'keydown' && event.key === 'Enter';
    const isTheirs = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLButtonElement && this._form.node.contains(event.target));
    if (!isEnter || !isTheirs) {
      super.handleEvent(event);
    }
  }

  override resolve(index?: number): void {
    const accepts = index === undefined || index === 1;
    if (!accepts || this._form.validate()) {
      super.resolve(index);
    }
  }
}

interface IFormProps {
  parameters: readonly Parameter[];
  form: IRunForm;
  /** Say what is wrong with fields that nobody touched too. */
  all: boolean;
  onChange: (form: IRunForm) => void;
  trans: TranslationBundle;
}

function Form({ parameters, form: first, all, onChange, trans }: IFormProps): React.JSX.Element {
  const [form, setForm] = useState(first);
  const change = (changes: Partial<IRunForm>) => {
    const next = { ...form, ...changes };
    setForm(next);
    onChange(next);
  };
  const where = (name: 'endpoint' | 'namespace' | 'experiment', title: string, placeholder: string) => (
    <label className="jp-mlops-field">
      <span>{title}</span>
      <input className="jp-mod-styled" value={form[name]} placeholder={placeholder} spellCheck={false} onChange={event => change({ [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <>
      <Kinds kind={form.kind} onChange={kind => change({ kind })} trans={trans} />
      {form.kind === 'kubeflow' && (
        <fieldset>
          {where('endpoint', trans.__('Address'), trans.__('that of the server: KF_PIPELINES_ENDPOINT'))}
          {where('namespace', trans.__('Namespace'), trans.__('the default'))}
          {where('experiment', trans.__('Experiment'), trans.__('the default'))}
          <p className="jp-mlops-note">{trans.__('Logins come from the environment of the Jupyter server (KF_PIPELINES_TOKEN, KF_PIPELINES_COOKIES); they are not stored.')}</p>
        </fieldset>
      )}
      <fieldset>
        {parameters.length === 0 && <p className="jp-mlops-note">{trans.__('This notebook has no parameters; tag a cell `parameters` to have some.')}</p>}
        {parameters.map(parameter => (
          <Field
            key={parameter.name}
            parameter={parameter}
            entry={form.entries[parameter.name] ?? standardEntry(parameter)}
            all={all}
            onChange={entry => change({ entries: { ...form.entries, [parameter.name]: entry } })}
            trans={trans}
          />
        ))}
      </fieldset>
      {form.kind === 'local' && (
        <label className="jp-mlops-check">
          <input type="checkbox" checked={form.fresh} onChange={event => change({ fresh: event.currentTarget.checked })} />
          {trans.__('Run every step, use nothing from the cache')}
        </label>
      )}
    </>
  );
}

function Kinds({ kind, onChange, trans }: { kind: IRunForm['kind']; onChange: (kind: IRunForm['kind']) => void; trans: TranslationBundle }): React.JSX.Element {
  const kinds: [IRunForm['kind'], string, string][] = [
    ['local', trans.__('Run here'), trans.__('Each step in a fresh process on this machine')],
    ['verify', trans.__('Verify'), trans.__('Whole and step by step: both must give the same')],
    ['kubeflow', trans.__('Kubeflow'), trans.__('Submit it to a cluster')]
  ];
  return (
    <div className="jp-mlops-kinds" role="radiogroup" aria-label={trans.__('Where it runs')}>
      {kinds.map(([name, title, help]) => (
        <label key={name} title={help}>
          <input type="radio" name="jp-mlops-kind" checked={kind === name} onChange={() => onChange(name)} />
          <span>{title}</span>
        </label>
      ))}
    </div>
  );
}

interface IFieldProps {
  parameter: Parameter;
  entry: IEntry;
  all: boolean;
  onChange: (entry: IEntry) => void;
  trans: TranslationBundle;
}

function Field({ parameter, entry, all, onChange, trans }: IFieldProps): React.JSX.Element {
  const [touched, setTouched] = useState(false);
  const { name, type, description, optional } = parameter;
  const reading = readEntry(parameter, entry, trans);
  const problem = (touched || all) && 'problem' in reading ? reading.problem : '';
  const standard = standardEntry(parameter);
  const isStandard = parameter.default !== null && entry.text === standard.text && entry.none === standard.none;
  const id = `jp-mlops-parameter-${name}`;
  return (
    <div className={`jp-mlops-field${problem ? ' jp-mod-wrong' : ''}`}>
      <label htmlFor={id} title={description}>
        {name} <small>{type}</small>
      </label>
      <Input id={id} {...{ parameter, entry, problem }} onBlur={() => setTouched(true)} onChange={text => onChange({ text, none: false })} />
      <span className="jp-mlops-field-more">
        {optional && (
          <label className="jp-mlops-check">
            <input type="checkbox" checked={entry.none} onChange={event => onChange({ ...entry, none: event.currentTarget.checked })} />
            {trans.__('none')}
          </label>
        )}
        {parameter.default !== null && !isStandard && (
          <button type="button" className="jp-mlops-button" title={trans.__('Back to the default: %1', parameter.default)} onClick={() => onChange(standard)}>
            {trans.__('Reset')}
          </button>
        )}
      </span>
      <p id={`${id}-problem`} className="jp-mlops-problem" role={problem ? 'alert' : undefined}>
        {problem}
      </p>
    </div>
  );
}

interface IInputProps {
  id: string;
  parameter: Parameter;
  entry: IEntry;
  problem: string;
  onChange: (text: string) => void;
  onBlur: () => void;
}

function Input({ id, parameter, entry, problem, onChange, onBlur }: IInputProps): React.JSX.Element {
  const same = {
    id,
    'data-parameter': parameter.name,
    'aria-invalid': problem !== '',
    'aria-describedby': `${id}-problem`,
    onBlur
  };
  if (parameter.type === 'bool') {
    return <input {...same} type="checkbox" checked={entry.text === 'true'} disabled={entry.none} onChange={event => onChange(String(event.currentTarget.checked))} />;
  }
  const text = { ...same, className: 'jp-mod-styled', spellCheck: false, value: entry.none ? '' : entry.text, placeholder: entry.none ? 'None' : '' };
  if (parameter.type === 'list' || parameter.type === 'dict') {
    return <textarea {...text} rows={Math.min(6, entry.text.split('\n').length)} onChange={event => onChange(event.currentTarget.value)} />;
  }
  const isNumber = parameter.type === 'int' || parameter.type === 'float';
  return <input {...text} type="text" inputMode={isNumber ? 'decimal' : 'text'} onChange={event => onChange(event.currentTarget.value)} />;
}
