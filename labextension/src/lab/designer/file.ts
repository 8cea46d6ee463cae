// An open file as the designer edits it.
import { PageConfig, PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { DesignedFile } from '../../screens/designer/screen';

type Context = DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;

export class OpenFile implements DesignedFile {
  readonly #context: Context;
  readonly #openText: (path: string) => void;

  /** @param openText shows a file in an editor of text. */
  constructor(context: Context, openText: (path: string) => void) {
    this.#context = context;
    this.#openText = openText;
  }

  get text(): string {
    return this.#context.model.sharedModel.getSource();
  }

  get isReadOnly(): boolean {
    return this.#context.model.readOnly;
  }

  get name(): string {
    return PathExt.basename(this.path, PathExt.extname(this.path));
  }

  get path(): string {
    return this.#context.localPath;
  }

  get folder(): string {
    // The server writes its user's home as `~`.
    return `${PageConfig.getOption('serverRoot')}/${PathExt.dirname(this.path)}`;
  }

  put(text: string): void {
    this.#context.model.sharedModel.setSource(text);
    this.#context.model.dirty = true;
  }

  async save(): Promise<void> {
    if (this.#context.model.dirty) {
      await this.#context.save();
    }
  }

  watch(changed: () => void): () => void {
    const { contentChanged } = this.#context.model;
    contentChanged.connect(changed);
    return () => contentChanged.disconnect(changed);
  }

  openText(): void {
    this.#openText(this.#context.path);
  }
}
