/** A text field with suggestions under it, by mouse and by keyboard (the combobox pattern of WAI-ARIA). */
import * as React from 'react';

/** One suggestion. */
export interface ISuggestion {
  value: string;
  title: string;
}

export interface IComboboxProps {
  id: string;
  value: string;
  placeholder?: string;
  label?: string;
  describedBy?: string;
  invalid?: boolean;
  numeric?: boolean;
  /** What the text could become; asked while it is typed. */
  suggest: (text: string) => Promise<readonly ISuggestion[]> | readonly ISuggestion[];
  /** The text is what is wanted: Enter, a chosen suggestion, or the focus left. */
  onCommit: (text: string, chosen: boolean) => void;
  /** Begin anew after each text, for a list that is filled. */
  clears?: boolean;
}

/** A text that is committed as a whole. */
export function Combobox(props: IComboboxProps): React.JSX.Element {
  const { id, value, suggest, onCommit, clears = false } = props;
  const [draft, setDraft] = React.useState(value);
  const [shown, setShown] = React.useState<readonly ISuggestion[]>([]);
  const [active, setActive] = React.useState(-1);
  const asked = React.useRef(0);
  React.useEffect(() => setDraft(value), [value]);

  const close = () => {
    asked.current += 1;
    setShown([]);
    setActive(-1);
  };
  const open = async (text: string) => {
    const question = ++asked.current;
    const found = await suggest(text);
    if (question === asked.current) {
      setShown(found.filter(each => each.value !== text));
      setActive(-1);
    }
  };
  const commit = (text: string, chosen = false) => {
    close();
    setDraft(clears ? '' : text);
    if (text !== value) {
      onCommit(text, chosen);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const count = shown.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (count === 0) {
        void open(draft);
      } else {
        setActive(event.key === 'ArrowDown' ? (active + 1) % count : (active <= 0 ? count : active) - 1);
      }
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = shown[active];
      commit(chosen ? chosen.value : draft, chosen !== undefined);
    } else if (event.key === 'Escape' && count > 0) {
      event.stopPropagation();
      close();
    }
  };
  const expanded = shown.length > 0;
  return (
    <div className="jp-mlops-tagcombobox">
      <input
        id={id}
        type="text"
        role="combobox"
        inputMode={props.numeric ? 'numeric' : undefined}
        className="jp-mlops-taginput"
        value={draft}
        placeholder={props.placeholder}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid ?? false}
        aria-expanded={expanded}
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={event => {
          setDraft(event.target.value);
          void open(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => (clears ? close() : commit(draft))}
        onClick={() => void open(clears ? draft : '')}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={props.label ?? props.placeholder ?? id} className="jp-mlops-tagsuggestions" hidden={!expanded}>
        {shown.map((each, index) => (
          <li
            key={each.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            ref={node => (index === active ? node?.scrollIntoView({ block: 'nearest' }) : undefined)}
            onMouseDown={event => event.preventDefault()}
            onClick={() => commit(each.value, true)}
          >
            <code>{each.value}</code>
            <span>{each.title === each.value ? '' : each.title}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
