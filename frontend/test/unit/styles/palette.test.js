import test from 'node:test';
import { ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOKENS = readFileSync(
  resolve(dirname(fileURLToPath(import.meta.url)), '../../../src/styles/tokens.css'),
  'utf8',
);

/** Worst distance two states may have, OKLab × 100. */
const APART = 12;

/**
 * Simulations of colour blindness at severity 1 (Machado, Oliveira and Fernandes 2009), applied to
 * linear sRGB.
 */
const VISIONS = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function tokens(prefix, theme) {
  const found = {};
  const pattern = new RegExp(`--fs-${prefix}([a-z-]+):\\s*light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`, 'g');
  for (const [, name, light, dark] of TOKENS.matchAll(pattern)) {
    found[name] = theme === 'light' ? light : dark;
  }
  return found;
}

function linear(hex) {
  return [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
}

function oklab([r, g, b]) {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function seen(hex, matrix) {
  const rgb = linear(hex);
  return oklab(
    [0, 3, 6].map((row) =>
      Math.min(1, Math.max(0, matrix[row] * rgb[0] + matrix[row + 1] * rgb[1] + matrix[row + 2] * rgb[2])),
    ),
  );
}

function distance(a, b, matrix) {
  const [p, q] = [seen(a, matrix), seen(b, matrix)];
  return 100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function closest(colours) {
  let worst = { apart: Infinity, pair: '' };
  const names = Object.keys(colours);
  for (const [vision, matrix] of Object.entries(VISIONS)) {
    names.forEach((a, i) =>
      names.slice(i + 1).forEach((b) => {
        const apart = distance(colours[a], colours[b], matrix);
        if (apart < worst.apart) {
          worst = { apart, pair: `${a} and ${b} (${vision})` };
        }
      }),
    );
  }
  return worst;
}

function contrast(a, b) {
  const luminance = (hex) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

for (const theme of ['light', 'dark']) {
  test(`${theme}: states of a page are told apart, whatever eyes look at them`, () => {
    const { cached, ...states } = tokens('page-', theme);
    ok(cached && Object.keys(states).length === 9, Object.keys(states).join());
    const { apart, pair } = closest(states);
    ok(apart >= APART, `${pair}: ${apart.toFixed(1)}`);
  });

  test(`${theme}: where a page is too small for an outline, cached is still not absent or present`, () => {
    const states = tokens('page-', theme);
    const { apart, pair } = closest(states);
    ok(apart >= 10, `${pair}: ${apart.toFixed(1)}`);
  });

  test(`${theme}: what threads do is told apart`, () => {
    const { apart, pair } = closest(tokens('lane-', theme));
    ok(apart >= APART, `${pair}: ${apart.toFixed(1)}`);
  });

  test(`${theme}: lines of a plot are told apart, and stand out from the ground`, () => {
    const { apart, pair } = closest(tokens('series-', theme));
    ok(apart >= APART, `${pair}: ${apart.toFixed(1)}`);
    const { paper } = tokens('', theme);
    for (const [name, colour] of Object.entries(tokens('series-', theme))) {
      ok(contrast(colour, paper) >= 3, name);
    }
  });

  test(`${theme}: more is further from the ground, whatever eyes look at it, and little is seen`, () => {
    const { paper } = tokens('', theme);
    const { few, some, many } = tokens('heat-', theme);
    for (const matrix of Object.values(VISIONS)) {
      const away = [paper, few, some, many].map((colour) => Math.abs(seen(colour, matrix)[0] - seen(paper, matrix)[0]));
      away.slice(1).forEach((each, i) => ok(each - away[i] >= 0.08, `${theme} ${i}: ${away}`));
    }
    ok(contrast(few, paper) >= 1.6, String(contrast(few, paper)));
  });

  test(`${theme}: later in the order is further from the ground, whatever eyes look at it`, () => {
    const { paper } = tokens('', theme);
    const steps = [...TOKENS.matchAll(/--fs-page-order-(\d): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
    ok(steps.map(([, step]) => step).join('') === '12345678');
    for (const matrix of Object.values(VISIONS)) {
      const away = steps.map(([, , light, dark]) => Math.abs(seen(theme === 'light' ? light : dark, matrix)[0] - seen(paper, matrix)[0]));
      away.slice(1).forEach((each, i) => ok(each - away[i] >= 0.03, `${theme} ${i}: ${away}`));
    }
  });

  test(`${theme}: who touched a page is told apart, whatever eyes look at it`, () => {
    const who = Object.fromEntries([...TOKENS.matchAll(/--fs-page-who-(\d): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [name, theme === 'light' ? light : dark]));
    ok(Object.keys(who).join('') === '12345678');
    const { paper } = tokens('', theme);
    const { apart, pair } = closest({ ...who, paper });
    ok(apart >= 9, `${pair}: ${apart.toFixed(1)}`);
  });

  test(`${theme}: text can be read on every ground`, () => {
    const all = tokens('', theme);
    const grounds = ['paper', 'panel', 'raised', 'hover', 'selected', 'band'];
    for (const ink of ['ink', 'quiet', 'accent', 'bad', 'warn', 'good']) {
      for (const ground of grounds) {
        const ratio = contrast(all[ink], all[ground]);
        ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
    const ratio = contrast(all['on-accent'], all.accent);
    ok(ratio >= 4.5, `on-accent on accent: ${ratio.toFixed(2)}`);
  });

  test(`${theme}: outlines stand out from the ground`, () => {
    const all = tokens('', theme);
    ok(contrast(all.accent, all.paper) >= 3);
  });
}
