/** The files of an exported project. */
import React from 'react';
import { ReactWidget } from '@jupyterlab/ui-components';

/** The body of the dialog after an export. */
export class ExportedFiles extends ReactWidget {
  constructor(
    private readonly _directory: string,
    private readonly _files: readonly string[]
  ) {
    super();
    this.addClass('jp-mlops-files');
  }

  protected override render(): React.JSX.Element {
    return (
      <ul>
        {this._files.map(file => (
          <li key={file}>
            <code>{file.startsWith(`${this._directory}/`) ? file.slice(this._directory.length + 1) : file}</code>
          </li>
        ))}
      </ul>
    );
  }
}
