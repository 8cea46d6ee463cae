// The head of a service: its name and state, why it is not well, where it answers, and what can be done with it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, LongText, Message, Status } from '../../ui/controls';
import { momentText, oneLine, printable } from '../../ui/format';
import { act, type Verb } from './manage';
import type { PartProps } from './state';

export function Head(props: PartProps): JSX.Element {
  const { scene, state } = props;
  const { t } = scene;
  const { view, notice } = state;
  const isOld = view.answering > 0 && view.answering !== view.revision;
  return (
    <header>
      <div class="aml-service-line">
        <Status status={view.state} />
        <h2 class="aml-service-name" dir="auto" tabIndex={-1}>
          {oneLine(view.name)}
        </h2>
        <span class="aml-muted">{view.kind}</span>
        <span class="aml-muted">
          {isOld
            ? t('revision %1, %2 answers', view.revision, view.answering)
            : t('revision %1', view.revision)}
        </span>
        <Actions {...props} />
      </div>
      <Problem {...props} />
      {view.description && (
        <p class="aml-service-text">
          <LongText t={t} text={view.description} />
        </p>
      )}
      {notice && (
        <Message
          tone={notice.isBad ? 'aml-bad' : 'aml-calm'}
          role={notice.isBad ? 'alert' : 'status'}
        >
          {printable(notice.text)}
        </Message>
      )}
      <Facts {...props} />
    </header>
  );
}

function Problem({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  const { error, answering, revision } = state.view;
  if (error === null) {
    return null;
  }
  return (
    <Message tone="aml-bad" role="status">
      <strong>{oneLine(error.code)}</strong> <LongText t={t} text={error.message} />
      {error.details.map((detail, place) => (
        <pre key={place} class="aml-muted aml-mono aml-service-trace">
          {printable(detail).trimEnd()}
        </pre>
      ))}
      {answering > 0 && answering !== revision && (
        <div>{t('Revision %1 still answers.', answering)}</div>
      )}
      <Button click={() => scene.choose({ tab: 'log' })}>{t('Open log')}</Button>
    </Message>
  );
}

function Facts({ scene, state }: PartProps): JSX.Element {
  const { t, host } = scene;
  const { models, scoring_uri, authentication, updated, author, tags } = state.view;
  const open = host.open;
  return (
    <dl class="aml-service-facts">
      <dt>{t('Models')}</dt>
      <dd>
        {models.length === 0 && t('none')}
        {models.map(({ name, version }) => {
          const words = oneLine(version ? `${name}:${version}` : name);
          const subject = { kind: 'model', name, ...(version ? { version: Number(version) } : {}) };
          return open ? (
            <Button key={words} class="aml-service-link" click={() => open.call(host, subject)}>
              {words}
            </Button>
          ) : (
            <span key={words}>{words}</span>
          );
        })}
      </dd>
      <dt>{t('Address')}</dt>
      <dd class="aml-mono">{scoring_uri ?? t('not yet')}</dd>
      <dt>{t('Authentication')}</dt>
      <dd>{authentication}</dd>
      <dt>{t('Updated')}</dt>
      <dd>{author ? t('%1 by %2', momentText(updated), oneLine(author)) : momentText(updated)}</dd>
      {Object.keys(tags).length > 0 && (
        <>
          <dt>{t('Tags')}</dt>
          <dd>
            {Object.entries(tags).map(([name, value]) => (
              <span key={name} class="aml-service-tag">
                {oneLine(value ? `${name}: ${value}` : name)}
              </span>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

/** Buttons; what cannot be undone is asked for once more, in its place. */
function Actions({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { view, busy, link } = state;
  const [asked, ask] = useState<Verb | null>(null);
  const isGone = link === 'gone';
  const isStopped =
    view.state === 'Stopped' || (view.state === 'Unhealthy' && !view.replicas.length);
  const run = (verb: Verb): void => {
    ask(null);
    void act(scene, verb);
  };
  if (asked) {
    const words = asked === 'delete' ? t('Delete') : t('Stop');
    return (
      <span class="aml-service-actions" role="group" aria-label={words}>
        <span>
          {asked === 'delete'
            ? t('Delete %1 with its log and revisions?', oneLine(view.name))
            : t('Stop %1? Nobody answers then.', oneLine(view.name))}
        </span>
        <Button class="aml-service-danger" click={() => run(asked)}>
          {words}
        </Button>
        <Button click={() => ask(null)}>{t('Keep')}</Button>
      </span>
    );
  }
  return (
    <span class="aml-service-actions">
      {isStopped ? (
        <Button isDisabled={busy !== '' || isGone} click={() => run('start')}>
          {t('Start')}
        </Button>
      ) : (
        <Button isDisabled={busy !== '' || isGone} click={() => ask('stop')}>
          {t('Stop')}
        </Button>
      )}
      <Button isDisabled={busy !== '' || isGone} click={() => ask('delete')}>
        {t('Delete')}
      </Button>
    </span>
  );
}
