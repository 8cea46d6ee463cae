// An open file as the designer edits it, drawn; loaded with the first that is opened.
import { PageConfig, PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { DesignedFile } from '../../screens/designer/screen';
import { recall } from '../../screens/workspace/kept';
import type { Front } from '../front';
import { LabHost } from '../host';

type Context = DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;

class OpenFile implements DesignedFile {
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

/** Draw a file in `node`, with the data of the workspace that the side panel shows, else of the default one. */
export async function draw(
  front: Front,
  node: HTMLElement,
  context: Context,
  openText: (path: string) => void
): Promise<{ dispose(): void }> {
  const [{ mount }, names] = await Promise.all([
    import('../../screens/designer/screen'),
    front.source.workspaces(),
    import('../../style/screens.css')
  ]);
  const chosen = recall().workspace;
  const workspace = chosen !== null && names.includes(chosen) ? chosen : names[0];
  if (workspace === undefined) {
    node.textContent = front.t(
      'There is no workspace yet: the first run makes one. Then open this file again.'
    );
    return { dispose: () => undefined };
  }
  return mount(node, new OpenFile(context, openText), new LabHost(front, workspace, node));
}
