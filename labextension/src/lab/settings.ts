// What the user has set; `schema/panel.json` describes it.

export interface Settings {
  notifications: 'all' | 'failed' | 'none';
  minimumSeconds: number;
  side: 'left' | 'right';
}

/** A registry of settings, as far as it is used here. */
interface Registry {
  load(
    plugin: string
  ): Promise<{ readonly composite: object; changed: { connect(slot: () => void): unknown } }>;
}

const PLUGIN = 'aml-magics:panel';

/** Values of a composite; what is missing or of a wrong kind is as if nothing were set. */
export function settingsOf(composite: object): Settings {
  const { notifications, minimumSeconds, side } = composite as Record<string, unknown>;
  return {
    notifications: notifications === 'failed' || notifications === 'none' ? notifications : 'all',
    minimumSeconds: typeof minimumSeconds === 'number' && minimumSeconds >= 0 ? minimumSeconds : 30,
    side: side === 'right' ? 'right' : 'left'
  };
}

/** Calls `changed` with the settings, now and at each change. Without a registry the defaults hold. */
export async function watchSettings(
  registry: Registry | null,
  changed: (settings: Settings) => void
): Promise<void> {
  try {
    const loaded = await registry?.load(PLUGIN);
    changed(settingsOf(loaded?.composite ?? {}));
    loaded?.changed.connect(() => changed(settingsOf(loaded.composite)));
  } catch (error) {
    console.error('aml_magics: the settings could not be read.', error);
    changed(settingsOf({}));
  }
}
