// What can be put into a pipeline: by a click, by Enter, or dragged onto the canvas.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Message, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Point } from '../../ui/graph';
import type { Translate } from '../../ui/host';
import { stepOf } from './document';
import { addDataset, addStep } from './edits';
import { addInput } from './ports';
import { withStep } from './change';
import type { Designer, DesignerState } from './state';

/** What is dragged, as a drop knows it. */
export type Item =
  | { readonly what: 'step'; readonly type: string }
  | { readonly what: 'dataset'; readonly name: string }
  | { readonly what: 'model'; readonly name: string; readonly version: number };

export const MIME = 'application/vnd.aml-magics.design-item+json';

/** Put something into the pipeline at a point of the canvas; `over` is the node there. */
export function put(designer: Designer, item: Item, at?: Point, over: string | null = null): void {
  const { tree, host, store } = designer;
  const { t } = host;
  if (item.what === 'step') {
    const kind = store.state.palette?.kinds.find(({ type }) => type === item.type);
    if (kind) {
      const defaults = kind.settings.flatMap(({ name, default: value }) =>
        value === null || value === undefined ? [] : [[name, value] as const]
      );
      const folder = kind.needs_folder ? { source_directory: '.' } : {};
      const [added, key] = addStep(tree, kind, { ...folder, ...Object.fromEntries(defaults) }, at);
      designer.edit(added, [key]);
    }
    return;
  }
  const step = over === null ? undefined : stepOf(tree, over);
  if (item.what === 'dataset') {
    const [added, id] = addDataset(tree, item.name, step ? undefined : at);
    const connected = step ? addInput(added, over!, id.slice(id.indexOf(':') + 1)) : added;
    designer.edit(connected, [step ? over! : id]);
  } else if (step) {
    const words = ['--model', `${item.name}:${item.version}`];
    designer.edit(withStep(tree, over!, { arguments: [...(step.arguments ?? []), ...words] }), [
      over!
    ]);
    designer.say(t('The script gets the model by its name: Model(ws, id=args.model).'));
  } else {
    designer.say(t('Select a step, or drop the model on one: its script gets the name.'), true);
  }
}

export function Palette({
  designer,
  state
}: {
  designer: Designer;
  state: DesignerState;
}): JSX.Element {
  const { t } = designer.host;
  const { palette, paletteError } = state;
  const [filter, setFilter] = useState('');
  if (paletteError) {
    return (
      <nav class="aml-designer-palette" aria-label={t('What can be put in')}>
        <Message role="alert">
          {paletteError} <Button click={() => void designer.loadPalette()}>{t('Try again')}</Button>
        </Message>
      </nav>
    );
  }
  const matches = (text: string): boolean => text.toLowerCase().includes(filter.toLowerCase());
  return (
    <nav
      class="aml-designer-palette"
      aria-label={t('What can be put in')}
      aria-busy={palette === null}
    >
      <input
        type="search"
        aria-label={t('Filter')}
        placeholder={t('Filter')}
        value={filter}
        onInput={event => setFilter(event.currentTarget.value)}
      />
      {groupsOf(state, t).map(([title, empty, items]) => {
        const shown = items.filter(([label]) => matches(label));
        return (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            {shown.map(([label, item, hint]) => (
              <PaletteItem key={label} {...{ designer, label, item, hint }} />
            ))}
            {palette && shown.length === 0 && <Muted>{filter ? t('None matches.') : empty}</Muted>}
          </section>
        );
      })}
    </nav>
  );
}

type Group = readonly [
  title: string,
  empty: string,
  items: readonly (readonly [label: string, item: Item, hint?: string])[]
];

function groupsOf({ palette }: DesignerState, t: Translate): Group[] {
  const { kinds = [], datasets = [], models = [] } = palette ?? {};
  return [
    [
      t('Steps'),
      t('No such kind.'),
      kinds
        .filter(({ cloud }) => !cloud)
        .map(({ type, title }) => [title, { what: 'step', type }, type])
    ],
    [t('Datasets'), t('No datasets yet.'), datasets.map(name => [name, { what: 'dataset', name }])],
    [
      t('Models'),
      t('No models yet.'),
      models.map(({ name, version }) => [`${name}:${version}`, { what: 'model', name, version }])
    ]
  ];
}

function PaletteItem(props: {
  designer: Designer;
  label: string;
  item: Item;
  hint?: string;
}): JSX.Element {
  const { designer, label, item, hint } = props;
  const { selected } = designer.store.state;
  const over = selected.size === 1 ? [...selected][0]! : null;
  return (
    <Button
      class="aml-designer-item"
      title={hint}
      draggable
      isDisabled={designer.file.isReadOnly}
      onDragStart={(event: DragEvent) => event.dataTransfer?.setData(MIME, JSON.stringify(item))}
      click={() => put(designer, item, undefined, item.what === 'model' ? over : null)}
    >
      {oneLine(label)}
    </Button>
  );
}
