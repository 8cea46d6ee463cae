// The host of a screen in JupyterLab: data from the server, places in the shell.
import type { Host, Listener, Selection, Subscription, Translate } from '../ui/host';
import type { Answers, Events, Questions, Subjects } from '../ui/message';
import { datasetCode, runsCode } from './code';
import type { Front } from './front';

/**
 * @param node what the screen is in: it is followed only while this can be seen.
 * @param selection what the kernel shares, where it shares something.
 */
export class LabHost implements Host {
  constructor(
    private readonly front: Front,
    private readonly workspace: string,
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

  get openRun(): ((run: string) => void) | undefined {
    const { places } = this.front;
    return places ? run => places.openRun(this.workspace, run) : undefined;
  }

  get openCompare(): ((runs: string[]) => void) | undefined {
    const { places } = this.front;
    return places ? runs => places.openCompare(this.workspace, runs) : undefined;
  }

  get toNotebook(): ((runs: string[]) => void) | undefined {
    const { notebooks } = this.front;
    return notebooks ? runs => void notebooks.insert(this.node, runsCode(runs), true) : undefined;
  }

  get openDataset(): ((dataset: string, version?: number) => void) | undefined {
    const { places } = this.front;
    return places ? (dataset, version) => places.openDataset(this.workspace, dataset, version) : undefined;
  }

  get codeForDataset(): ((dataset: string, version: number) => void) | undefined {
    const { notebooks, t } = this.front;
    return notebooks
      ? (dataset, version) => {
          if (!notebooks.insert(this.node, datasetCode(this.workspace, dataset, version), false)) {
            throw new Error(t('Open a notebook first: the code goes below its active cell.'));
          }
        }
      : undefined;
  }
}
