/** The fields of the tag form: one component for each kind that the grammar knows. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { Choice, Field } from '../api/generated';
import type { Value } from '../model/tagform';
import { Combobox, type ISuggestion } from './combobox';

export interface IFieldProps {
  field: Field;
  value: Value;
  choices: readonly Choice[];
  /** The cells differ in it. */
  mixed: boolean;
  problem: string;
  trans: TranslationBundle;
  onChange: (value: Value) => void;
}

/** A field with its name, and what is wrong with it. */
export function TagField(props: IFieldProps): React.JSX.Element {
  const { field, problem, trans } = props;
  const id = fieldId(field.name);
  return (
    <div className="jp-mlops-tagfield" data-kind={field.kind} data-problem={problem !== ''}>
      <label htmlFor={id} title={field.help}>
        {trans.__(field.title)}
      </label>
      <div className="jp-mlops-tagfield-value">
        <Control {...props} />
        {problem !== '' && (
          <div id={`${id}-problem`} className="jp-mlops-tagfield-problem" role="alert">
            <Sentence text={problem} />
          </div>
        )}
      </div>
    </div>
  );
}

/** A sentence of ours: what stands between backticks is code. */
export function Sentence({ text }: { text: string }): React.JSX.Element {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** The id of a field's control. */
export function fieldId(name: string): string {
  return `jp-mlops-tagfield-${name}`;
}

function Control(props: IFieldProps): React.JSX.Element {
  switch (props.field.kind) {
    case 'choice':
      return <ChoiceControl {...props} />;
    case 'flag':
      return <FlagControl {...props} />;
    case 'list':
      return <ListControl {...props} />;
    case 'text':
    case 'number':
      return <TextControl {...props} />;
  }
}

function TextControl({ field, value, choices, mixed, problem, trans, onChange }: IFieldProps): React.JSX.Element {
  const id = fieldId(field.name);
  return (
    <Combobox
      id={id}
      value={typeof value === 'string' ? value : ''}
      placeholder={mixed ? trans.__('differs') : field.placeholder}
      numeric={field.kind === 'number'}
      invalid={problem !== ''}
      describedBy={problem === '' ? undefined : `${id}-problem`}
      suggest={text => matching(choices, text)}
      onCommit={text => onChange(text)}
    />
  );
}

function ChoiceControl({ field, value, choices, mixed, problem, trans, onChange }: IFieldProps): React.JSX.Element {
  const MIXED = '\u0000';
  return (
    <select
      id={fieldId(field.name)}
      className="jp-mlops-taginput"
      value={mixed ? MIXED : typeof value === 'string' ? value : ''}
      aria-invalid={problem !== ''}
      onChange={event => onChange(event.target.value)}
    >
      {mixed && (
        <option value={MIXED} disabled>
          {trans.__('differs')}
        </option>
      )}
      {choices.map(choice => (
        <option key={choice.value} value={choice.value}>
          {choice.title}
        </option>
      ))}
    </select>
  );
}

function FlagControl({ field, value, mixed, onChange }: IFieldProps): React.JSX.Element {
  return (
    <label className="jp-mlops-tagflag">
      <input
        id={fieldId(field.name)}
        type="checkbox"
        checked={value === true}
        ref={node => {
          if (node) {
            node.indeterminate = mixed;
          }
        }}
        onChange={event => onChange(event.target.checked)}
      />
      <span>
        <Sentence text={field.help} />
      </span>
    </label>
  );
}

function ListControl({ field, value, choices, mixed, trans, onChange }: IFieldProps): React.JSX.Element {
  const items = Array.isArray(value) ? value : [];
  return (
    <div className="jp-mlops-taglist">
      {items.map(item => (
        <span key={item} className="jp-mlops-tagitem">
          {item}
          <button type="button" className="jp-mlops-tagremove" aria-label={trans.__('Remove %1', item)} onClick={() => onChange(items.filter(each => each !== item))}>
            ×
          </button>
        </span>
      ))}
      <Combobox
        id={fieldId(field.name)}
        value=""
        clears
        placeholder={mixed ? trans.__('differs') : field.placeholder}
        suggest={text => matching(choices, text).filter(each => !items.includes(each.value))}
        onCommit={text => onChange([...items, text])}
      />
    </div>
  );
}

function matching(choices: readonly Choice[], text: string): ISuggestion[] {
  const word = text.trim().toLowerCase();
  return choices.filter(({ value, title }) => value !== '' && (value.toLowerCase().includes(word) || title.toLowerCase().includes(word)));
}
