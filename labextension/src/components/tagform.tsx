/** The form of the tags of some cells, made from the grammar. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { Completion, Field, Form, Grammar } from '../api/generated';
import type { Value } from '../model/tagform';
import { Combobox } from './combobox';
import { TagField } from './tagfields';

export interface ITagFormProps {
  grammar: Grammar;
  form: Form;
  tags: readonly { text: string; everywhere: boolean }[];
  /** Why the server did not answer, or empty. */
  problem: string;
  trans: TranslationBundle;
  complete: (text: string) => Promise<readonly Completion[]>;
  onChange: (field: string, value: Value) => void;
  onAdd: (tag: string) => void;
  onRemove: (tag: string) => void;
}

/** The groups of fields; those in which nothing is set are folded. */
export function TagFormView(props: ITagFormProps): React.JSX.Element {
  const { grammar, form, problem, trans } = props;
  const groups = [...new Set(grammar.fields.map(field => field.group))];
  return (
    <div className="jp-mlops-tagform">
      {problem !== '' && (
        <div className="jp-mlops-tagform-problem" role="alert">
          {problem}
        </div>
      )}
      {groups.map((group, index) => (
        <Group key={group} {...props} title={titles(trans)[group]} fields={grammar.fields.filter(field => field.group === group)} unfolded={index === 0} />
      ))}
      <RawTags {...props} />
      {form.other.length > 0 && (
        <p className="jp-mlops-tagform-note">{trans.__('Tags of other tools, which stay: %1', form.other.join(', '))}</p>
      )}
    </div>
  );
}

interface IGroupProps extends ITagFormProps {
  title: string;
  fields: readonly Field[];
  unfolded: boolean;
}

function Group(props: IGroupProps): React.JSX.Element {
  const { title, fields, unfolded, form } = props;
  const said = fields.filter(({ name }) => !isEmpty(form.values[name]) || form.mixed.includes(name) || form.problems[name] !== undefined);
  const [open, setOpen] = React.useState(unfolded || said.length > 0);
  const hasProblem = fields.some(({ name }) => form.problems[name] !== undefined);
  React.useEffect(() => {
    if (hasProblem) {
      setOpen(true);
    }
  }, [hasProblem]);
  const content = fields.map(field => (
    <TagField
      key={field.name}
      field={field}
      value={form.values[field.name] ?? null}
      choices={form.choices[field.name] ?? field.choices}
      mixed={form.mixed.includes(field.name)}
      problem={form.problems[field.name] ?? ''}
      trans={props.trans}
      onChange={value => props.onChange(field.name, value)}
    />
  ));
  if (unfolded) {
    return <div className="jp-mlops-taggroup">{content}</div>;
  }
  return (
    <details className="jp-mlops-taggroup" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <span>{title}</span>
        {!open && <span className="jp-mlops-taggroup-said">{said.map(field => inShort(field, form.values[field.name])).join(' · ')}</span>}
      </summary>
      {open && content}
    </details>
  );
}

function RawTags({ tags, trans, complete, onAdd, onRemove }: ITagFormProps): React.JSX.Element {
  const suggest = async (text: string) => (await complete(text)).map(({ text: value, help }) => ({ value, title: help }));
  return (
    <div className="jp-mlops-tagfield jp-mlops-tagraw">
      <label htmlFor="jp-mlops-tagraw-tag">{trans.__('Tags')}</label>
      <div className="jp-mlops-taglist jp-mlops-tagfield-value">
        {tags.map(({ text, everywhere }) => (
          <span key={text} className="jp-mlops-tagitem" data-everywhere={everywhere} title={everywhere ? text : trans.__('%1, on some of the cells', text)}>
            {text}
            <button type="button" className="jp-mlops-tagremove" aria-label={trans.__('Remove the tag %1', text)} onClick={() => onRemove(text)}>
              ×
            </button>
          </span>
        ))}
        <Combobox
          id="jp-mlops-tagraw-tag"
          value=""
          clears
          placeholder={trans.__('add a tag as text')}
          suggest={suggest}
          onCommit={text => {
            if (text.trim() !== '') {
              onAdd(text.trim());
            }
          }}
        />
      </div>
    </div>
  );
}

function titles(trans: TranslationBundle): Record<Field['group'], string> {
  return {
    step: trans.__('Step'),
    resources: trans.__('Resources'),
    execution: trans.__('Execution'),
    flow: trans.__('When and how often'),
    reports: trans.__('Reports'),
    environment: trans.__('Environment')
  };
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
}

function inShort(field: Field, value: Value | undefined): string {
  const text = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  return `${field.title.toLowerCase()} ${text}`.trim();
}
