import type { Ui, UiStore } from './stores/ui.ts';

/** Puts the chosen appearance on the root element, and keeps it there as choices and the system change. */
export function followAppearance(ui: UiStore, view: Window): void {
  const root = view.document.documentElement;
  const systemContrast = view.matchMedia('(prefers-contrast: more)');
  const apply = ({ theme, contrast, density }: Ui): void => {
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    if (contrast === 'more' || systemContrast.matches) root.dataset['contrast'] = 'more';
    else delete root.dataset['contrast'];
    root.dataset['density'] = density;
  };
  apply(ui.getState());
  ui.subscribe(apply);
  systemContrast.addEventListener('change', () => apply(ui.getState()));
}

/** Which side shows now, whatever was chosen. */
export function isDark(ui: Ui, view: Window): boolean {
  return (
    ui.theme === 'dark' || (ui.theme === 'system' && view.matchMedia('(prefers-color-scheme: dark)').matches)
  );
}
