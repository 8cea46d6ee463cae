// The menus of a table: of runs, of a column, and of what does not fit into the toolbar.
import type { MenuEntry } from '../../ui/popup/menu';
import type { Point } from '../../ui/popup/popup';
import { splitKey } from './columns/column';
import { groupChoices } from './rows/grouping';
import { reordered } from './columns/layout';
import { cancelable, LONG } from './manage';
import { fieldName, type Goal } from './state';
import { MOST, type Table } from './table';
import { TERMINAL } from '../../ui/status';

type Groups = MenuEntry[][];

/** What can be done with some runs. */
export function runEntries(table: Table, ids: readonly string[], at: Point): Groups {
  const { t, insert } = table.host;
  const rows = table.rowsOf(ids);
  const [row] = rows;
  const isOne = ids.length === 1 && row !== undefined;
  const canCompare = ids.length >= 2 && ids.length <= MOST;
  const edit = (part: 'name' | 'notes' | 'tags') => (): void =>
    table.show({ kind: 'edit', at, id: ids[0]!, part });
  return [
    isOne
      ? [{ label: t('Open'), act: () => table.open(row) }]
      : [
          {
            label: t('Compare %1 runs', ids.length),
            isDisabled: !canCompare,
            hint: t('Select 2 to %1 runs to compare them.', MOST),
            act: () => table.compare(ids)
          }
        ],
    isOne
      ? [
          { label: t('Rename…'), act: edit('name') },
          { label: t('Notes…'), act: edit('notes') },
          { label: t('Tags…'), act: edit('tags') }
        ]
      : [],
    markEntries(table, ids),
    insert
      ? [
          ...(isOne
            ? [
                {
                  label: t('Insert the code of this run'),
                  act: () => void table.manager.insertCode(row.id)
                }
              ]
            : []),
          { label: t('To DataFrame'), act: () => table.toNotebook(ids) }
        ]
      : [],
    endEntries(table, ids, at)
  ];
}

function markEntries({ host, manager, rowsOf }: Table, ids: readonly string[]): MenuEntry[] {
  const { t } = host;
  const rows = rowsOf(ids);
  const isStarred = rows.every(row => row.starred);
  const isArchived = rows.every(row => row.archived);
  return [
    {
      label: isStarred ? t('Take the star away') : t('Star'),
      act: () => void manager.mark(ids, { starred: !isStarred })
    },
    {
      label: isArchived ? t('Bring back from the archive') : t('Archive'),
      act: () => void manager.mark(ids, { archived: !isArchived })
    }
  ];
}

function endEntries(table: Table, ids: readonly string[], at: Point): MenuEntry[] {
  const { t } = table.host;
  const rows = table.rowsOf(ids);
  const live = cancelable(rows);
  const isOver = rows.every(row => TERMINAL.has(row.status));
  const isLong = live.some(row => (row.elapsed ?? 0) > LONG);
  return [
    ...(live.length > 0
      ? [{ label: isLong ? t('Cancel…') : t('Cancel'), act: () => table.cancel(ids, at) }]
      : []),
    {
      label: t('Delete'),
      isDisabled: !isOver,
      hint: isOver ? undefined : t('Runs are deleted once they have ended.'),
      act: () => void table.manager.delete(ids)
    }
  ];
}

/** What can be done with a column; `keys` are those that are shown. */
export function columnEntries(table: Table, column: string, keys: readonly string[]): Groups {
  const { t } = table.host;
  const { choice } = table.state;
  const [group, name] = splitKey(column);
  const sorted = table.sort;
  const at = keys.indexOf(column);
  const sort = (descending: boolean): MenuEntry => ({
    label: descending ? t('Sort descending') : t('Sort ascending'),
    isOn: sorted?.column === column && sorted.descending === descending,
    act: () => table.choose({ sort: { column, descending } })
  });
  const goal = (label: string, wanted: Goal): MenuEntry => ({
    label,
    isOn: Object.hasOwn(choice.goals, name) && choice.goals[name] === wanted,
    act: () => table.choose({ goals: { ...choice.goals, [name]: wanted } })
  });
  const move = (label: string, to: number): MenuEntry => ({
    label,
    isDisabled: to < 0 || to >= keys.length,
    act: () => table.choose({ order: reordered(keys, column, to) })
  });
  const isField = column === 'experiment' || column === 'status' || group === 'params';
  return [
    column === 'tags' ? [] : [sort(false), sort(true)],
    group === 'metrics'
      ? [
          goal(t('Lower is better'), 'min'),
          goal(t('Higher is better'), 'max'),
          goal(t('Neither is better'), null)
        ]
      : [],
    isField
      ? [{ label: t('Group by %1', column), act: () => table.choose({ by: fieldName(column) }) }]
      : [],
    [
      move(t('Move left'), at - 1),
      move(t('Move right'), at + 1),
      move(t('Move to the front'), 0),
      {
        label: t('Hide'),
        isDisabled: column === 'name',
        act: () => table.choose({ shown: { ...choice.shown, [column]: false } })
      }
    ]
  ];
}

/** What waits at the end of the toolbar. */
export function moreEntries(table: Table, at: Point): Groups {
  const { t, insert } = table.host;
  const { choice, isNarrow, picked, metrics } = table.state;
  const count = picked.size;
  const show = (kind: 'columns' | 'views') => (): void => table.show({ kind, at });
  const narrow: Groups = isNarrow
    ? [
        [
          {
            label: t('Compare %1 runs', count),
            isDisabled: count < 2 || count > MOST,
            act: () => table.compare()
          },
          ...(insert
            ? [
                {
                  label: t('To DataFrame'),
                  isDisabled: count === 0,
                  act: () => table.toNotebook()
                }
              ]
            : [])
        ],
        [...metrics].slice(0, 12).map(name => ({
          label: name,
          isOn: choice.metric === name,
          act: () => table.choose({ metric: name })
        })),
        ['', ...groupChoices(table).slice(0, 12)].map(by => ({
          label: by ? t('Group by %1', by) : t('No groups'),
          isOn: choice.by === by,
          act: () => table.choose({ by })
        })),
        [{ label: t('Views…'), act: show('views') }]
      ]
    : [];
  return [
    ...narrow,
    [
      {
        label: t('Starred runs only'),
        isOn: choice.isStarredOnly,
        act: () => table.choose({ isStarredOnly: !choice.isStarredOnly })
      },
      {
        label: t('Archived runs, too'),
        isOn: choice.hasArchived,
        act: () => table.choose({ hasArchived: !choice.hasArchived })
      }
    ],
    [{ label: t('Save as CSV'), act: () => void table.csv() }],
    [{ label: t('Forget all that was chosen'), act: () => table.reset() }]
  ];
}
