// The host of a screen in JupyterLab: data from the server, places in the shell.
import type { Host, Listener, Selection, Subject, Subscription, Translate } from '../ui/host';
import type { Answers, Events, Questions, Subjects } from '../contract.gen';
import type { Front } from './front';

/**
 * @param node what the screen is in: it is followed only while this can be seen.
 * @param selection what the kernel shares, where it shares something.
 */
export class LabHost implements Host {
  constructor(
    private readonly front: Front,
    readonly workspace: string,
    private readonly node: Element,
    readonly selection?: Selection
  ) {}

  get t(): Translate {
    return this.front.t;
  }

  ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return this.front.source.ask(this.workspace, kind, question);
  }

  follow<K extends keyof Subjects>(
    kind: K,
    subject: Subjects[K],
    token: string | null,
    listener: Listener<Events[K]>
  ): Subscription {
    return this.front.source.follow(this.workspace, kind, subject, token, listener, this.node);
  }

  fileUrl = (run: string, file: string): string => {
    try {
      return this.front.source.fileUrl(this.workspace, run, file);
    } catch {
      // A name of which no address can be made: the link leads nowhere.
      return '#';
    }
  };

  embed(parent: HTMLElement, subject: Subject, selection?: Selection): { dispose(): void } {
    return this.front.embed(parent, this.workspace, subject, selection);
  }

  get open(): ((subject: Subject) => void) | undefined {
    const { places } = this.front;
    return places ? subject => places.open(this.workspace, subject) : undefined;
  }

  get insert(): ((code: string, isRun: boolean) => void) | undefined {
    const { notebooks, t } = this.front;
    return notebooks
      ? (code, isRun) => {
          if (!notebooks.insert(this.node, code, isRun)) {
            throw new Error(t('Open a notebook first: the code goes below its active cell.'));
          }
        }
      : undefined;
  }
}
