// The columns of a table of models: what a cell holds. Their keys are those that the host sorts by.
import type { ComponentChildren } from 'preact';
import type { JsonScalar, ModelRowView } from '../../contract.gen';
import { Button } from '../../ui/controls';
import { bytesText, momentText, numberText, oneLine, valueText } from '../../ui/format';
import type { GridColumn } from '../../ui/grid';
import type { Host } from '../../ui/host';

export interface ModelColumn extends GridColumn {
  /** What is shown, and what is copied. */
  value(row: ModelRowView): JsonScalar;
  text?(row: ModelRowView): string;
  draw?(row: ModelRowView, host: Host): ComponentChildren;
}

const sortable = { isSortable: true };

/** Versions of one name, or a row a name; metrics come after what a model is called. */
export function columnsOf(name: string, metrics: readonly string[], host: Host): ModelColumn[] {
  const { t } = host;
  return [
    ...(name
      ? []
      : [{ key: 'name', title: t('Model'), width: 170, ...sortable, ...cellOf(row => row.name) }]),
    {
      ...{ key: 'version', title: name ? t('Version') : t('Newest'), width: 84, isNumeric: true },
      ...{ ...sortable, value: row => row.version, text: row => versionText(row, name) },
      draw: row => (
        <span
          class={name ? 'aml-open' : ''}
          title={name ? '' : t('%1 versions', numberText(row.versions))}
        >
          {versionText(row, name)}
        </span>
      )
    },
    {
      ...{ key: 'aliases', title: t('Aliases'), width: 150, ...sortable },
      value: row => words([...row.aliases, row.stage])
    },
    ...metrics.map((metric): ModelColumn => ({
      ...{ key: `metrics.${metric}`, title: metric, width: 96, isNumeric: true, ...sortable },
      value: row => row.metrics[metric] ?? null
    })),
    ...aboutColumns(t)
  ];
}

/** What is known of a version beside its metrics. */
function aboutColumns(t: Host['t']): ModelColumn[] {
  return [
    {
      ...{ key: 'framework', title: t('Framework'), width: 130, ...sortable },
      value: row => row.framework
    },
    {
      ...{ key: 'size', title: t('Size'), width: 84, isNumeric: true, ...sortable },
      value: row => row.size,
      text: row => bytesText(row.size)
    },
    {
      ...{ key: 'run', title: t('Run'), width: 130, ...sortable },
      value: row => row.run_name || row.run.slice(0, 8),
      draw: (row, { open }) =>
        row.run_name && open ? (
          <Button class="aml-run-name-button" click={() => open({ kind: 'run', run: row.run })}>
            {oneLine(row.run_name)}
          </Button>
        ) : (
          <span class={row.run_name ? '' : 'aml-muted'}>
            {oneLine(row.run_name || row.run.slice(0, 8))}
          </span>
        )
    },
    {
      ...{ key: 'uses', title: t('Used by'), width: 120, ...sortable },
      value: row => words(row.uses.map(({ name: holder }) => holder))
    },
    { key: 'author', title: t('Author'), width: 100, ...sortable, value: row => row.author },
    {
      ...{ key: 'created', title: t('Created'), width: 170, ...sortable },
      value: row => row.created,
      text: row => momentText(row.created)
    },
    {
      ...{ key: 'description', title: t('Notes'), width: 220, ...sortable },
      value: row => row.description
    }
  ];
}

function cellOf(value: (row: ModelRowView) => string): Pick<ModelColumn, 'value' | 'draw'> {
  return {
    value,
    draw: row => (
      <span class="aml-open" title={oneLine(value(row))} dir="auto">
        {oneLine(value(row))}
      </span>
    )
  };
}

const versionText = ({ version }: ModelRowView, name: string): string =>
  name ? `v${version}` : String(version);

const words = (texts: readonly string[]): string => texts.filter(Boolean).join(', ');

/** What a cell says. */
export function textOf(column: ModelColumn, row: ModelRowView): string {
  return oneLine(column.text?.(row) ?? valueText(column.value(row)));
}
