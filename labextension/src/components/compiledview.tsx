/** A notebook's compiled pipeline, as it is now: its file, and what changes in it. */
import React from 'react';
import { Clipboard } from '@jupyterlab/apputils';
import { CodeEditor, CodeEditorWrapper, type IEditorServices } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { BoxLayout, Widget } from '@lumino/widgets';
import type { Compiled } from '../api/generated';
import { CompiledDiff, changesInWords } from './compileddiff';

/** What the view asks for; both reject with what is to be said. */
export interface ICompiling {
  compile: () => Promise<Compiled>;
  write: () => Promise<Compiled>;
}

/** Draws what a function gives whenever it is updated. */
class Drawn extends ReactWidget {
  constructor(private readonly _draw: () => React.JSX.Element) {
    super();
  }

  protected override render(): React.JSX.Element {
    return this._draw();
  }
}

/** The viewer in the main area. */
export class CompiledView extends Widget {
  constructor(
    private readonly _compiling: ICompiling,
    services: IEditorServices,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-mlops-compiled');
    this._model = new CodeEditor.Model({ mimeType: 'text/x-yaml' });
    this._editor = new CodeEditorWrapper({
      model: this._model,
      factory: options => services.factoryService.newDocumentEditor(options),
      editorOptions: { config: { readOnly: true, lineNumbers: true, lineWrap: false } }
    });
    this._changes.addClass('jp-mlops-scroll');
    this._head.addClass('jp-mlops-compiled-head');
    const layout = (this.layout = new BoxLayout({ direction: 'top-to-bottom', spacing: 0 }));
    for (const widget of [this._head, this._changes, this._editor]) {
      BoxLayout.setStretch(widget, widget === this._head ? 0 : 1);
      layout.addWidget(widget);
    }
    BoxLayout.setSizeBasis(this._head, 40);
    this._changes.hide();
  }

  /** Compile again; what cannot be compiled leaves the last text and says why. */
  refresh(): Promise<void> {
    return this._do(this._compiling.compile);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this._model.dispose();
    }
  }

  private async _do(work: () => Promise<Compiled>): Promise<void> {
    const number = ++this._asked;
    let problem = '';
    let compiled = this._compiled;
    try {
      compiled = await work();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (number === this._asked && !this.isDisposed) {
      this._problem = problem;
      this._show(compiled);
    }
  }

  private _show(compiled: Compiled | null): void {
    this._compiled = compiled;
    if (compiled && this._model.sharedModel.getSource() !== compiled.text) {
      this._model.sharedModel.setSource(compiled.text);
    }
    this._head.update();
    this._changes.update();
  }

  private _toggle(): void {
    const changes = this._changes.isHidden;
    this._changes.setHidden(!changes);
    this._editor.setHidden(changes);
    this._head.update();
  }

  private _drawHead(): React.JSX.Element {
    const compiled = this._compiled;
    const trans = this._trans;
    const isWritten = compiled !== null && (compiled.written || (compiled.previous && compiled.added + compiled.removed === 0));
    return (
      <>
        {this._problem ? (
          <span className="jp-mlops-warning" role="alert" title={this._problem}>
            {this._problem}
          </span>
        ) : (
          compiled && (
            <>
              <code className="jp-mlops-path" title={compiled.path}>
                {compiled.path}
              </code>
              <span className="jp-mlops-counts">{changesInWords(compiled, trans)}</span>
            </>
          )
        )}
        <span className="jp-mlops-actions">
          <button className="jp-mlops-button" aria-pressed={!this._changes.isHidden} disabled={!compiled} onClick={() => this._toggle()}>
            {trans.__('Changes')}
          </button>
          <button className="jp-mlops-button" disabled={!compiled} onClick={() => compiled && Clipboard.copyToSystem(compiled.text)}>
            {trans.__('Copy')}
          </button>
          <button className="jp-mlops-button jp-mod-main" disabled={!compiled || isWritten || this._problem !== ''} onClick={() => void this._do(this._compiling.write)}>
            {isWritten ? trans.__('Written') : trans.__('Write')}
          </button>
        </span>
      </>
    );
  }

  private readonly _head = new Drawn(() => this._drawHead());
  private readonly _changes = new Drawn(() => (this._compiled ? <CompiledDiff compiled={this._compiled} trans={this._trans} /> : <></>));
  private readonly _model: CodeEditor.Model;
  private readonly _editor: CodeEditorWrapper;
  private _compiled: Compiled | null = null;
  private _problem = '';
  private _asked = 0;
}
