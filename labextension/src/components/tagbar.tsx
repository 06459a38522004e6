/** One calm line above a notebook that offers something, and can be sent away. */
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

/** What a bar says. */
export interface ITagBar {
  text: string;
  /** What can be done; the first is what most people want. */
  actions: readonly { label: string; caption?: string; run: () => void }[];
  dismiss?: { label: string; run: () => void };
}

/** The bar; hidden while it has nothing to say. */
export class TagBar extends ReactWidget {
  constructor(label: string) {
    super();
    this.addClass('jp-mlops-banner');
    this.addClass('jp-mlops-tagbar');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', label);
    this.hide();
  }

  /** Say something, or nothing. */
  say(content: ITagBar | null): void {
    if (JSON.stringify(content) === this._said) {
      return;
    }
    this._said = JSON.stringify(content);
    this._content = content;
    this.setHidden(content === null);
    this.update();
  }

  protected render(): React.JSX.Element | null {
    if (this._content === null) {
      return null;
    }
    const { text, actions, dismiss } = this._content;
    return (
      <>
        <span aria-live="polite">{text}</span>
        {actions.map(({ label, caption, run }, index) => (
          <button key={label} type="button" className="jp-mlops-tagaction" data-first={index === 0} title={caption} onClick={run}>
            {label}
          </button>
        ))}
        {dismiss && (
          <button type="button" className="jp-mlops-tagremove" aria-label={dismiss.label} title={dismiss.label} onClick={dismiss.run}>
            ×
          </button>
        )}
      </>
    );
  }

  private _content: ITagBar | null = null;
  private _said = 'null';
}
