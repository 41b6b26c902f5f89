// Light, dark or as the device has it, and more contrast for those who want it. Kept in this browser only.
export type Theme = 'auto' | 'light' | 'dark';
export type Contrast = 'auto' | 'more';

const THEME_KEY = 'owp.theme';
const CONTRAST_KEY = 'owp.contrast';

const wantsContrast = matchMedia('(prefers-contrast: more)');

class Appearance {
  theme = $state<Theme>(read<Theme>(THEME_KEY, ['auto', 'light', 'dark']));
  contrast = $state<Contrast>(read<Contrast>(CONTRAST_KEY, ['auto', 'more']));

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep(THEME_KEY, theme);
    applyAppearance();
  }

  setContrast(contrast: Contrast): void {
    this.contrast = contrast;
    keep(CONTRAST_KEY, contrast);
    applyAppearance();
  }
}

export const appearance = new Appearance();

export function applyAppearance(): void {
  const { dataset } = document.documentElement;
  if (appearance.theme === 'auto') delete dataset['theme'];
  else dataset['theme'] = appearance.theme;
  if (appearance.contrast === 'more' || wantsContrast.matches) dataset['contrast'] = 'more';
  else delete dataset['contrast'];
}

wantsContrast.addEventListener('change', applyAppearance);

function read<T extends string>(key: string, allowed: T[]): T {
  const kept = localStorage.getItem(key);
  return allowed.find((value) => value === kept) ?? (allowed[0] as T);
}

function keep(key: string, value: string): void {
  if (value === 'auto') localStorage.removeItem(key);
  else localStorage.setItem(key, value);
}
