// @ts-check
import { PAINT_STYLES } from '../model/paint.js';

/**
 * Colours as a canvas needs them, read from the tokens. Read again when the theme changes.
 *
 * @typedef {object} Palette
 * @property {number} version
 * @property {string[]} pages by paint class
 * @property {string[]} glyphs ink of the sign, by paint class
 * @property {string} cached
 * @property {string} absent
 * @property {string} paper
 * @property {string} panel
 * @property {string} ink
 * @property {string} quiet
 * @property {string} line
 * @property {string} lineStrong
 * @property {string} accent
 * @property {string} selected
 * @property {{running: string, blocked: string, handling: string, idle: string, kernel: string, vmm: string, unknown: string}} lanes
 * @property {string[]} heat from few to many
 * @property {string} font
 * @property {string} mono
 */

let version = 0;

/**
 * @param {HTMLElement} root
 * @returns {Palette}
 */
export function readPalette(root) {
  const probe = document.createElement('i');
  probe.hidden = true;
  // Forced colours would make all of them one; what is painted stays the theme's, states and text together.
  probe.style.setProperty('forced-color-adjust', 'none');
  root.append(probe);
  const style = getComputedStyle(probe);
  // A custom property is computed to its text; a colour that uses it, to the colour.
  const colour = (/** @type {string} */ token) => {
    probe.style.color = `var(--fs-${token})`;
    return style.color;
  };
  const pages = PAINT_STYLES.map(({ token }) => colour(`page-${token}`));
  const fonts = getComputedStyle(root);
  /** @type {Palette} */
  const palette = {
    version: ++version,
    pages,
    glyphs: pages.map(inkOn),
    cached: colour('page-cached'),
    absent: colour('page-absent'),
    paper: colour('paper'),
    panel: colour('panel'),
    ink: colour('ink'),
    quiet: colour('quiet'),
    line: colour('line'),
    lineStrong: colour('line-strong'),
    accent: colour('accent'),
    selected: colour('selected'),
    lanes: {
      running: colour('lane-running'),
      blocked: colour('lane-blocked'),
      handling: colour('lane-handling'),
      idle: colour('lane-idle'),
      kernel: colour('lane-kernel'),
      vmm: colour('lane-vmm'),
      unknown: colour('line'),
    },
    heat: ['few', 'some', 'many'].map((amount) => colour(`heat-${amount}`)),
    font: fonts.getPropertyValue('--fs-font').trim(),
    mono: fonts.getPropertyValue('--fs-mono').trim(),
  };
  probe.remove();
  return palette;
}

/** @param {string} colour `rgb(…)` @returns {[number, number, number]} */
export function channels(colour) {
  const [r, g, b] = (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).map(Number);
  return [r, g, b];
}

/** @param {string} colour @returns {string} black or white, whichever can be read on it */
export function inkOn(colour) {
  const [r, g, b] = channels(colour).map((c) => (c / 255) ** 2.2);
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return luminance > 0.2 ? 'rgb(0 0 0 / 0.78)' : 'rgb(255 255 255 / 0.9)';
}

/**
 * Draws what stands for a class: in the legend, in lists, beside a fact.
 *
 * @param {HTMLElement} swatch
 * @param {number} paint
 * @param {boolean} [small] as it is drawn where there is no room for an outline
 */
export function paintSwatch(swatch, paint, small = false) {
  const { token, glyph, fill } = PAINT_STYLES[paint];
  const colour = `var(--fs-page-${token})`;
  const { style } = swatch;
  const hollow = fill === 'hollow';
  style.background = hollow ? (small ? 'var(--fs-page-cached)' : 'var(--fs-page-absent)') : fill === 'dotted' ? (small ? 'var(--fs-line)' : 'var(--fs-paper)') : colour;
  style.boxShadow = hollow && !small ? `inset 0 0 0 2px ${colour}` : 'none';
  style.backgroundImage =
    fill === 'hatched'
      ? 'repeating-linear-gradient(135deg, var(--fs-paper) 0 1px, transparent 1px 4px)'
      : fill === 'half'
        ? 'linear-gradient(transparent 50%, var(--fs-page-absent) 50%)'
      : fill === 'dotted' && !small
        ? 'radial-gradient(var(--fs-line-strong) 1px, transparent 1.5px)'
        : 'none';
  style.backgroundSize = fill === 'dotted' ? '4px 4px' : 'auto';
  style.color = '';
  swatch.textContent = glyph;
  style.color = inkOn(getComputedStyle(swatch).backgroundColor);
}
