import { LoudEmitter } from './absent.ts';
import { record } from './record.ts';

type Source = 'system' | 'light' | 'dark';

class NativeTheme extends LoudEmitter {
  static override readonly label = 'nativeTheme';
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;
  readonly shouldDifferentiateWithoutColor = false;
  #source: Source = 'system';
  #systemDark = false;

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemDark : this.#source === 'dark';
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.shouldUseDarkColors;
  }

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    this.#change(() => (this.#source = source));
  }

  setSystemDark(dark: boolean): void {
    this.#change(() => (this.#systemDark = dark));
  }

  #change(apply: () => void): void {
    const before = this.shouldUseDarkColors;
    apply();
    if (this.shouldUseDarkColors !== before) this.emit('updated');
  }
}

const theme = new NativeTheme();
export const nativeTheme = theme;

export function shouldUseDark(): boolean {
  return theme.shouldUseDarkColors;
}

record.setSystemDark = (dark) => theme.setSystemDark(dark);
