// @ts-check

/**
 * How well a typed word matches a name: letters in order, better when together and at the start of
 * words.
 *
 * @param {string} typed
 * @param {string} name
 * @returns {number} 0 where it does not match, otherwise higher is better
 */
export function fuzzyScore(typed, name) {
  const needle = typed.trim().toLowerCase();
  const hay = name.toLowerCase();
  if (needle === '') {
    return 1;
  }
  const whole = hay.indexOf(needle);
  if (whole >= 0) {
    return 1000 - whole + (whole === 0 || hay[whole - 1] === ' ' ? 500 : 0);
  }
  let score = 0;
  let at = -1;
  for (const letter of needle) {
    if (letter === ' ') {
      continue;
    }
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) {
      return 0;
    }
    score += next === at + 1 ? 8 : next === 0 || hay[next - 1] === ' ' ? 6 : 1;
    at = next;
  }
  return score;
}
